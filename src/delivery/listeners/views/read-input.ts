import { createHash } from 'node:crypto';
import type { ViewOutput, ViewStateValue } from '@slack/bolt';
import type { z } from 'zod';
import { isSlackUserId } from '../../slack-user-id.ts';

type State = ViewOutput['state']['values'];

function stateOf(values: State, id: string): ViewStateValue | undefined {
  return values[id]?.[id];
}

export function pickedOption(values: State, id: string): string | null {
  return stateOf(values, id)?.selected_option?.value ?? null;
}

export function enteredText(values: State, id: string): string | null {
  const text = stateOf(values, id)?.value?.trim() ?? '';
  return text === '' ? null : text;
}

/** A conversation or a time of day that was picked; null: none. */
export function pickedText(values: State, id: string): string | null {
  const state = stateOf(values, id);
  return state?.selected_conversation ?? state?.selected_time ?? null;
}

/** Ids of the people that were picked, in their order. */
export function pickedUsers(values: State, id: string): string[] {
  return stateOf(values, id)?.selected_users ?? [];
}

/** "2026-11-25"; null: no day, or none that Slack's picker gives. */
export function pickedDay(values: State, id: string): string | null {
  const day = stateOf(values, id)?.selected_date ?? '';
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null;
}

/** Null: nobody, or no id that Slack gives. */
export function pickedUser(values: State, id: string): string | null {
  const user = stateOf(values, id)?.selected_user ?? '';
  return isSlackUserId(user) ? user : null;
}

/** Null: no moment, or none that a date can name. */
export function pickedMoment(values: State, id: string): Date | null {
  const seconds = stateOf(values, id)?.selected_date_time;
  if (typeof seconds !== 'number') return null;
  const moment = new Date(seconds * 1_000);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** Boxes that were ticked, over all blocks whose id starts with `id`. */
export function tickedBoxes(values: State, id: string): string[] {
  return Object.entries(values)
    .filter(([blockId]) => blockId === id || blockId.startsWith(`${id}_`))
    .flatMap(([, inputs]) => Object.values(inputs))
    .flatMap((state) => state.selected_options ?? [])
    .map((option) => option.value);
}

/** Null when it is not what we wrote there: an old modal of an earlier version, for one. */
export function readMetadata<T>(view: ViewOutput, schema: z.ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(view.private_metadata));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * The same for the same entries in the same modal by the same person: a retried or repeated submit is one
 * decision, and changed entries are another.
 */
export function submitKey(view: ViewOutput, userId: string): string {
  const entries = JSON.stringify(view.state.values);
  const digest = createHash('sha256').update(entries).digest('hex').slice(0, 24);
  return `view:${view.id}:${digest}:${userId}`;
}

import type { Transaction } from 'kysely';
import { boardDueAt } from '../delivery/send/board-due-at.ts';
import type { LeadState } from '../lead/lead.ts';
import { type EffectRequest, enqueueEffect, enqueueEffects, PRIORITY } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Tier } from '../scoring/assessment.ts';
import type { LeadRecord } from './leads.ts';

type Tx = Transaction<Database>;

export interface Cause {
  traceId: string;
  now: Date;
}

/** The board of a channel must show the present state. */
export async function oweBoard(
  tx: Tx,
  channel: string,
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  await oweBoards(tx, [channel], urgency, cause);
}

/** In one statement: it can be the last one before the commit. */
export async function oweBoards(
  tx: Tx,
  channels: readonly string[],
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  await enqueueEffects(tx, await boardEffects(tx, channels, urgency, cause));
}

/** The boards on which these leads stand, or stood until now. */
export async function oweBoardsOfLeads(
  tx: Tx,
  leadIds: readonly string[],
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  if (leadIds.length === 0) return;
  const rows = await tx
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('assignments.channel_id')
    .distinct()
    .where('leads.id', 'in', [...leadIds])
    .execute();
  const channels = rows.map((row) => row.channel_id);
  await oweBoards(tx, channels, urgency, cause);
}

async function boardEffects(
  tx: Tx,
  channels: readonly string[],
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<EffectRequest[]> {
  const sentAt =
    urgency === 'decision' ? new Map<string, Date>() : await boardsSentAt(tx, channels);
  return channels.map((channel) => ({
    key: boardKey(channel),
    lane: 'slack',
    kind: 'slack.board',
    payload: { channelId: channel },
    dueAt: boardDueAt(sentAt.get(channel) ?? null, cause.now, urgency === 'decision'),
    priority: urgency === 'decision' ? PRIORITY.decision : PRIORITY.ordinary,
    ...cause,
  }));
}

async function boardsSentAt(tx: Tx, channels: readonly string[]): Promise<Map<string, Date>> {
  if (channels.length === 0) return new Map();
  const rows = await tx
    .selectFrom('outbox')
    .select(['key', 'done_at'])
    .where('key', 'in', channels.map(boardKey))
    .execute();
  return new Map(
    rows.flatMap(({ key, done_at: at }) =>
      at === null ? [] : [[key.slice(BOARD_PREFIX.length), at]],
    ),
  );
}

const BOARD_PREFIX = 'board:';

export function boardKey(channel: string): string {
  return `${BOARD_PREFIX}${channel}`;
}

/** The lead's own message must exist and show the present state. */
export async function oweHotLead(
  tx: Tx,
  leadId: string,
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  await enqueueEffect(tx, hotEffect(leadId, urgency, cause));
}

function hotEffect(leadId: string, urgency: 'decision' | 'refresh', cause: Cause): EffectRequest {
  return {
    key: hotKey(leadId),
    lane: 'slack',
    kind: 'slack.hot',
    payload: { leadId },
    dueAt: cause.now,
    priority: urgency === 'decision' ? PRIORITY.decision : PRIORITY.hot,
    ...cause,
  };
}

function hotKey(leadId: string): string {
  return `hot:${leadId}`;
}

/** Something happened to the lead: its own message, when there is one, shows it, and the thread tells it. */
export async function oweHotLeadRefresh(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  await oweHotLeadRefreshes(tx, [leadId], cause);
}

export async function oweHotLeadRefreshes(
  tx: Tx,
  leadIds: readonly string[],
  cause: Cause,
): Promise<void> {
  const told = await hotKeysOwed(tx, leadIds);
  const own = leadIds.filter((leadId) => told.has(hotKey(leadId)));
  await enqueueEffects(tx, [
    ...own.flatMap((leadId) => [hotEffect(leadId, 'decision', cause), threadEffect(leadId, cause)]),
    ...(await remindersOf(tx, leadIds, cause)),
  ]);
}

/** Messages that said of these leads that nobody takes them: they show what became of it. */
async function remindersOf(
  tx: Tx,
  leadIds: readonly string[],
  cause: Cause,
): Promise<EffectRequest[]> {
  if (leadIds.length === 0) return [];
  const rows = await tx
    .selectFrom('escalations')
    .innerJoin('assignments', 'assignments.id', 'escalations.assignment_id')
    .select(['effect_key', 'step', 'recipient'])
    .distinct()
    .where('assignments.lead_id', 'in', [...leadIds])
    .execute();
  return rows.map(({ effect_key: key, step, recipient }) => ({
    ...{ key, lane: 'slack', kind: 'slack.escalation', payload: { step, recipient } },
    ...{ dueAt: cause.now, priority: PRIORITY.ordinary, ...cause },
  }));
}

/** The thread of the lead's own message must tell what happened. */
export async function oweThread(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  await enqueueEffect(tx, threadEffect(leadId, cause));
}

/** What comes within this time is told together. */
const THREAD_AFTER_MS = 1_000;

function threadEffect(leadId: string, cause: Cause): EffectRequest {
  return {
    key: `thread:${leadId}`,
    lane: 'slack',
    kind: 'slack.thread',
    payload: { leadId },
    dueAt: new Date(cause.now.getTime() + THREAD_AFTER_MS),
    priority: PRIORITY.ordinary,
    ...cause,
  };
}

async function hotKeysOwed(tx: Tx, leadIds: readonly string[]): Promise<Set<string>> {
  if (leadIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('outbox')
    .select('key')
    .where('key', 'in', leadIds.map(hotKey))
    .execute();
  return new Set(rows.map((row) => row.key));
}

/** The CRM must hold the lead's present score, decision and owner. */
export async function oweCrm(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  await enqueueEffect(tx, crmEffect(leadId, cause));
}

function crmEffect(leadId: string, cause: Cause): EffectRequest {
  return {
    key: `crm:${leadId}`,
    lane: 'crm',
    kind: 'crm.lead',
    payload: { leadId },
    dueAt: cause.now,
    priority: PRIORITY.ordinary,
    ...cause,
  };
}

export interface ScoredLead {
  lead: LeadRecord;
  assessment: { tier: Tier };
  /** Where its board was before, where it is now; null while it has none. */
  channels: { before: string | null; now: string | null };
  state: LeadState;
}

/** What Slack and the CRM must learn after new scores. All in one statement, the last one before the commit:
 * every lead of a channel wants the same board row, which is locked from here on. */
export async function oweLeadEffects(
  tx: Tx,
  scored: readonly ScoredLead[],
  writesBack: boolean,
  now: Date,
): Promise<void> {
  const [first] = scored;
  if (first === undefined) return;
  const boards = new Set(
    scored
      .filter(({ state, lead }) => state === 'open' || lead.state === 'open')
      .flatMap(({ channels }) => [channels.before, channels.now])
      .filter((channel) => channel !== null),
  );
  const isHot = ({ lead, assessment, state, channels }: ScoredLead) =>
    (lead.override_tier ?? assessment.tier) === 'A' &&
    state === 'open' &&
    !lead.quiet &&
    channels.now !== null;
  const told = await hotKeysOwed(
    tx,
    scored.map(({ lead }) => lead.id),
  );
  const effects = scored.flatMap((each) => {
    const { id, trace_id: traceId } = each.lead;
    const cause = { traceId, now };
    const isTold = told.has(hotKey(id));
    const own = isHot(each)
      ? [hotEffect(id, 'refresh', cause)]
      : isTold
        ? [hotEffect(id, 'decision', cause)]
        : [];
    if (isTold) own.push(threadEffect(id, cause));
    return writesBack ? [...own, crmEffect(id, cause)] : own;
  });
  const cause = { traceId: first.lead.trace_id, now };
  effects.push(...(await boardEffects(tx, [...boards], 'refresh', cause)));
  await enqueueEffects(tx, effects);
}

import type { SlackCall } from '../../../demo/slack/journal.ts';
import type { Interaction } from '../../../demo/slack/person.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';

/** Something that a person was told, in the order in which Slack got it. */
export interface Told {
  at: Date;
  text: string;
}

/** Answers to a click on a message or to a command: those that went to its own response_url. */
export function toldByClick({ journal }: SlackWorkspace, { payload }: Interaction): Told[] {
  const path = new URL(String(payload.response_url)).pathname;
  return journal.all
    .filter((call) => call.committed && call.method === 'response_url')
    .filter((call) => call.args.response_url === path)
    .map((call) => ({ at: call.at, text: String(call.args.text ?? '') }));
}

/** For many clicks: reads the journal once. Undefined: that click was told nothing yet. */
export function lastToldByClick({
  journal,
}: SlackWorkspace): (click: Interaction) => string | undefined {
  const last = new Map<unknown, string>();
  for (const call of journal.all) {
    if (call.method !== 'response_url' || !call.committed) continue;
    last.set(call.args.response_url, String(call.args.text ?? ''));
  }
  return ({ payload }) => last.get(new URL(String(payload.response_url)).pathname);
}

/** What a modal said since it was submitted: in the answer to the request, then in its updates. */
export function toldByModal({ journal }: SlackWorkspace, answer: Interaction, at: Date): Told[] {
  const { payload, body } = answer;
  const view = payload.view as { id: string };
  const first = body as { view?: unknown } | undefined;
  const updates = journal.all.filter(
    (call) => call.method === 'views.update' && call.committed && call.args.view_id === view.id,
  );
  return [
    ...(first?.view === undefined ? [] : [{ at, text: textOf(first.view) }]),
    ...updates.filter((call) => call.at >= at).map((call) => shown(call)),
  ];
}

/** What App Home showed of one person since then. */
export function toldAtHome({ journal }: SlackWorkspace, userId: string, since: Date): Told[] {
  return journal.all
    .filter((call) => call.method === 'views.publish' && call.committed && call.at >= since)
    .filter((call) => call.args.user_id === userId)
    .map((call) => shown(call));
}

function shown(call: SlackCall): Told {
  return { at: call.at, text: textOf(call.args.view) };
}

/** Every text of a view, however deep. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return textOfJson(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .filter(([name, inner]) => typeof inner === 'object' || name === 'text')
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : textOf(inner)))
    .filter(Boolean)
    .join(' ');
}

/** Views may come as JSON text. */
function textOfJson(text: string): string {
  return text.startsWith('{') ? textOf(JSON.parse(text)) : '';
}

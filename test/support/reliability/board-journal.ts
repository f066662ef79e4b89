import type { SlackCall, SlackJournal } from '../../../demo/slack/journal.ts';

/** What Slack confirmed of one board, read from what was sent to it. */
export interface ShownBoard {
  /** "12 leads to call": all that are ranked, the ones beyond the tenth included. */
  ranked: number;
  /** Revisions that Slack accepted. */
  revisions: ReadonlySet<number>;
}

/** Every change of the board of a channel that Slack accepted, the oldest first. */
export function boardCalls(journal: SlackJournal, channelId: string): SlackCall[] {
  return journal.all.filter(
    (call) =>
      call.committed &&
      call.channel === channelId &&
      (call.method === 'chat.postMessage' || call.method === 'chat.update') &&
      call.messageKey?.startsWith('firstcall_message:board:') === true,
  );
}

export function shownBoard(journal: SlackJournal, channelId: string): ShownBoard {
  const calls = boardCalls(journal, channelId);
  const text = String(calls.at(-1)?.args.text ?? '');
  const ranked = Number(/^([\d,]+) leads? to call/.exec(text)?.[1]?.replaceAll(',', '') ?? 0);
  return { ranked, revisions: new Set(calls.flatMap(revisionsOf)) };
}

/** Buttons of a board carry the revision that drew them. */
function revisionsOf(call: SlackCall): number[] {
  const found = JSON.stringify(call.args.blocks ?? []).match(/"board\.[\w-]+\.(\d+)"/g) ?? [];
  return found.map((id) => Number(/\.(\d+)"$/.exec(id)?.[1]));
}

/** Posts that tell of a tier A lead: its own message, or the summary of many. */
export function hotPosts(journal: SlackJournal, person: string): SlackCall[] {
  return journal
    .posts()
    .filter(
      (call) =>
        call.messageKey?.startsWith('firstcall_message:hot:') === true &&
        JSON.stringify(call.args).includes(person),
    );
}

/** How many tier A leads the summaries of a channel tell of, as Slack last accepted them. */
export function summarised(journal: SlackJournal, channelId: string): number {
  const last = new Map<string, string>();
  for (const call of journal.all) {
    const isSummary = call.messageKey?.startsWith('firstcall_message:summary:') === true;
    if (!isSummary || !call.committed || call.channel !== channelId) continue;
    last.set(call.messageKey ?? '', String(call.args.text ?? ''));
  }
  const counts = [...last.values()].map((text) =>
    Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', '')),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

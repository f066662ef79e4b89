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

/** Tier A leads named by a summary that Slack accepted. */
export function isInSummary(journal: SlackJournal, person: string): boolean {
  return journal.all.some(
    (call) =>
      call.committed &&
      call.messageKey?.startsWith('firstcall_message:summary:') === true &&
      JSON.stringify(call.args).includes(person),
  );
}

import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { leadEntry } from '../../../src/delivery/cards/lead-entry.ts';
import { leadRowsByIds } from '../../../src/delivery/queries/board-query.ts';
import type { TestDatabase } from '../postgres.ts';

/** A lead with its buttons in a channel, as an older board still shows it. */
export interface PostedLead {
  leadId: string;
  shortId: string;
  channel: string;
  ts: string;
  /** Of its Accept and Override buttons. */
  value: string;
  /** Of the block that its buttons are in. */
  blockId: string;
}

const PER_MESSAGE = 10;
const REVISION = 1;

/** Posts open leads that have a score, ten to a message, in the name of the app. */
export async function postLeads(
  slack: SlackWorkspace,
  { db }: TestDatabase,
  { channelName = 'leads-growth', most = 10_000 } = {},
): Promise<PostedLead[]> {
  const channel = slack.channelId(channelName);
  const open = await db
    .selectFrom('leads')
    .select(['id', 'short_id'])
    .where('state', '=', 'open')
    .where('assessment_id', 'is not', null)
    .orderBy('id')
    .limit(most)
    .execute();
  const posted: PostedLead[] = [];
  for (let from = 0; from < open.length; from += PER_MESSAGE) {
    const leads = open.slice(from, from + PER_MESSAGE);
    const ids = leads.map(({ id }) => id);
    const rows = await leadRowsByIds(db, ids, () => null);
    const now = slack.clock.now();
    const blocks = rows.flatMap((row) =>
      leadEntry(row, { surface: 'board', rank: null, revision: REVISION, now }),
    );
    const ts = await post(slack, { channel, text: `${rows.length} sample leads`, blocks });
    for (const { id, short_id: shortId } of leads) {
      const value = `${id}.${REVISION}`;
      posted.push({ leadId: id, shortId, channel, ts, value, blockId: `board.${value}` });
    }
  }
  return posted;
}

async function post(slack: SlackWorkspace, message: object): Promise<string> {
  const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${slack.botToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(message),
  });
  const answer = (await response.json()) as { ok: boolean; ts: string; error?: string };
  if (!answer.ok) throw new Error(`the leads were not posted: ${answer.error}`);
  return answer.ts;
}

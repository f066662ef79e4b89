import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { MessageContent } from './lead-board.ts';
import type { RankedLead } from './rendered.ts';

export type Purpose = 'board' | 'hot' | 'summary' | 'notice';

export interface ShownMessage {
  channelId: string;
  ts: string;
  contentHash: string;
  updatedAt: Date;
  /** The name under which it was posted anew; null: as it first was. */
  postedAs: string | null;
  /** It stands in place of one that a person deleted. */
  healed: boolean;
}

/** A message that was found again: what it shows is not known. */
export const UNKNOWN_CONTENT = 'unknown';

export function contentHash(content: MessageContent): string {
  const shown = JSON.stringify([content.text, content.blocks]);
  return createHash('sha256').update(shown).digest('hex');
}

export async function findShownMessage(
  db: Kysely<Database>,
  purpose: Purpose,
  subject: string,
): Promise<ShownMessage | undefined> {
  const row = await db
    .selectFrom('slack_messages')
    .select(['channel_id', 'ts', 'content_hash', 'updated_at', 'posted_as', 'healed'])
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { channel_id: channelId, ts, content_hash: hash, updated_at: updatedAt } = row;
  const { posted_as: postedAs, healed } = row;
  return { channelId, ts, contentHash: hash, updatedAt, postedAs, healed };
}

export interface MessageRecord {
  purpose: Purpose;
  subject: string;
  channelId: string;
  ts: string;
  contentHash: string;
  revision: number;
  now: Date;
  postedAs?: string | null;
  healed?: boolean;
}

export async function recordMessage(db: Kysely<Database>, record: MessageRecord): Promise<void> {
  const values = {
    channel_id: record.channelId,
    ts: record.ts,
    content_hash: record.contentHash,
    revision: record.revision,
    updated_at: record.now,
  };
  // Posted anew: its place in time and how it came to be are the new message's.
  const ofNew = <T>(column: 'posted_at' | 'healed') =>
    sql<T>`case when slack_messages.ts = excluded.ts
      then ${sql.ref(`slack_messages.${column}`)} else ${sql.ref(`excluded.${column}`)} end`;
  await db
    .insertInto('slack_messages')
    .values({
      ...values,
      purpose: record.purpose,
      subject: record.subject,
      posted_at: record.now,
      posted_as: record.postedAs ?? null,
      healed: record.healed ?? false,
    })
    .onConflict((conflict) =>
      conflict.columns(['purpose', 'subject']).doUpdateSet({
        ...values,
        posted_as: record.postedAs ?? null,
        posted_at: ofNew<Date>('posted_at'),
        healed: ofNew<boolean>('healed'),
      }),
    )
    .execute();
}

export interface DeliveryRecord {
  leads: readonly RankedLead[];
  surface: 'board' | 'hot';
  channelId: string;
  revision: number;
  now: Date;
}

/** The first confirmation of an assessment on a surface counts. */
export async function recordDeliveries(
  trx: Transaction<Database>,
  record: DeliveryRecord,
): Promise<void> {
  if (record.leads.length === 0) return;
  // Sorted, so that two boards that share a lead wait for each other instead of deadlocking.
  const leads = [...record.leads].sort((a, b) => (a.leadId < b.leadId ? -1 : 1));
  await sql`
    insert into deliveries (lead_id, assessment_id, surface, channel_id, revision, confirmed_at)
    select lead_id, assessment_id, ${record.surface}, ${record.channelId}, ${record.revision}::bigint, ${record.now}::timestamptz
    from unnest(${leads.map((lead) => lead.leadId)}::uuid[], ${leads.map((lead) => lead.assessmentId)}::uuid[])
      as ranked (lead_id, assessment_id)
    on conflict do nothing
  `.execute(trx);
}

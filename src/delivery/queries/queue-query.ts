import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { LeadRow, QueueView } from '../views.ts';
import { leadRowsByIds, type RankedLead, rankedLeadsOf } from './board-query.ts';
import { leadRow, selectLeads } from './lead-rows.ts';

type Db = Kysely<Database>;
type CrmUrl = (crmId: string | null) => string | null;

/** A person, with the channels (as routing names them) of their teams. */
export interface QueueOwner {
  userId: string;
  channels: readonly string[];
}

/** How many of each list are read; the rest are counted. */
const QUEUE_SIZE = 20;

/** What is routed to a person, in call order over all channels, and what they accepted. */
export async function readQueue(
  db: Db,
  { userId }: Pick<QueueOwner, 'userId'>,
  now: Date,
  crmUrl: CrmUrl,
): Promise<QueueView> {
  const mine = await rankedLeadsOf(db, { rep: userId }, now);
  const shown = mine.slice(0, QUEUE_SIZE).map((lead) => lead.id);
  const { count } = await db
    .selectFrom('leads')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('accepted_by', '=', userId)
    .where('state', 'in', ['accepted', 'contacted'])
    .executeTakeFirstOrThrow();
  const accepted = await selectLeads(db)
    .where('leads.accepted_by', '=', userId)
    .where('leads.state', 'in', ['accepted', 'contacted'])
    .orderBy('leads.accepted_at', 'desc')
    .limit(QUEUE_SIZE)
    .execute();
  // What was taken between two of these reads is no longer to take: a lead stands in one list.
  const taken = new Set(accepted.map((row) => row.id));
  const open = await leadRowsByIds(
    db,
    shown.filter((id) => !taken.has(id)),
    crmUrl,
  );
  return {
    userId,
    mine: open,
    mineCount: mine.filter(({ id }) => !taken.has(id)).length,
    accepted: accepted.map((row) => leadRow(row, crmUrl)),
    acceptedCount: count,
  };
}

/**
 * The best that is theirs to take: routed to them, or in their channels to nobody (or to somebody who has
 * left) and not given back by them. What is routed to a colleague is never offered.
 */
export async function readNext(
  db: Db,
  { userId, channels }: QueueOwner,
  now: Date,
  crmUrl: CrmUrl,
): Promise<LeadRow | null> {
  const ranked = await rankedLeadsOf(db, { channels, rep: userId }, now);
  const free = ranked.filter((lead) => lead.rep === null || lead.repLeft);
  const givenBack = await givenBackBy(db, userId, free);
  const takable = new Set(free.filter((lead) => !givenBack.has(lead.id)));
  const best = ranked.find((lead) => lead.rep === userId || takable.has(lead));
  return best === undefined ? null : ((await leadRowsByIds(db, [best.id], crmUrl))[0] ?? null);
}

/** Those of the leads that this person said "not mine" to, or handed over, and did not take again since. */
async function givenBackBy(
  db: Db,
  userId: string,
  leads: readonly RankedLead[],
): Promise<Set<string>> {
  if (leads.length === 0) return new Set();
  const ids = leads.map((lead) => lead.id);
  const rows = await db
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .distinctOn('decisions.lead_id')
    .select(['decisions.lead_id', 'decisions.kind'])
    .where((eb) => eb('decisions.lead_id', '=', eb.fn.any(eb.val(ids))))
    .where('decisions.actor', '=', userId)
    .where('decisions.kind', 'in', ['reassigned', 'handed_over', 'accepted'])
    .where('undo.id', 'is', null)
    .orderBy('decisions.lead_id')
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .execute();
  return new Set(rows.flatMap((row) => (row.kind === 'accepted' ? [] : row.lead_id)));
}

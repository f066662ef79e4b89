import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import {
  type HomeFilter,
  type HomeState,
  LEADS_PER_PAGE,
  type MyQueue,
} from '../../home/home-views.ts';
import { urgency } from '../../text/time.ts';
import { leadRowsByIds, type RankedLead, rankedLeadsOf } from '../board-query.ts';

type Db = Kysely<Database>;

/** One page of what the person chose to see, and how many there are of each. */
export async function readMyQueue(
  db: Db,
  userId: string,
  { filter, page: wanted, newSince }: HomeState,
  now: Date,
  crmUrl: (crmId: string | null) => string | null,
): Promise<MyQueue> {
  const [ranked, accepted, snoozed] = await Promise.all([
    rankedLeadsOf(db, { rep: userId }, now),
    acceptedIds(db, userId),
    snoozedIds(db, userId),
  ]);
  const isNew = await newAmong(db, userId, ranked, newSince);
  const open = {
    all: ranked,
    due: ranked.filter(({ slaDueAt }) => slaDueAt !== null && urgency(slaDueAt, now) !== 'later'),
    new: ranked.filter(({ id }) => isNew.has(id)),
  };
  const ids: Record<HomeFilter, string[]> = {
    all: idsOf(open.all),
    due: idsOf(open.due),
    new: idsOf(open.new),
    accepted,
    snoozed,
  };
  const chosen = ids[filter];
  const last = Math.max(0, Math.ceil(chosen.length / LEADS_PER_PAGE) - 1);
  const page = Math.min(Math.max(0, wanted), last);
  const shown = chosen.slice(page * LEADS_PER_PAGE, (page + 1) * LEADS_PER_PAGE);
  const places = new Map(ids.all.map((id, index) => [id, index + 1]));
  const leads = await leadRowsByIds(db, shown, crmUrl);
  return {
    ...{ userId, filter, page },
    counts: {
      ...{ all: ids.all.length, due: ids.due.length, new: ids.new.length },
      ...{ accepted: accepted.length, snoozed: snoozed.length },
    },
    leads: leads.map((lead) => ({
      lead,
      rank: places.get(lead.leadId) ?? null,
      isNew: isNew.has(lead.leadId),
    })),
  };
}

function idsOf(leads: readonly RankedLead[]): string[] {
  return leads.map(({ id }) => id);
}

/** Newest first. */
async function acceptedIds(db: Db, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('leads')
    .select('id')
    .where('accepted_by', '=', userId)
    .where('state', 'in', ['accepted', 'contacted'])
    .orderBy('accepted_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** What this person put off last, the next one to come back first. */
async function snoozedIds(db: Db, userId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select leads.id from leads
    where leads.state = 'snoozed' and ${userId} = (
      select decisions.actor from decisions
      where decisions.lead_id = leads.id and decisions.kind = 'snoozed'
      order by decisions.decided_at desc, decisions.id desc limit 1)
    order by leads.snoozed_until, leads.id
  `.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Those that came to the person since: the first assignment to them after the last one to anybody else. A new
 * deadline writes an assignment too and makes nothing new.
 */
async function newAmong(
  db: Db,
  userId: string,
  leads: readonly RankedLead[],
  since: Date | null,
): Promise<ReadonlySet<string>> {
  if (since === null || leads.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select mine.lead_id as id from assignments as mine
    where mine.lead_id = any(${idsOf(leads)}::uuid[]) and mine.rep_user_id = ${userId}
      and not exists (select 1 from assignments as other
        where other.lead_id = mine.lead_id and other.rep_user_id is distinct from ${userId}
          and (other.assigned_at, other.id) > (mine.assigned_at, mine.id))
    group by mine.lead_id having min(mine.assigned_at) > ${since}
  `.execute(db);
  return new Set(rows.map(({ id }) => id));
}

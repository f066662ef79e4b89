import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import { askedNotToBeContacted } from '../../decisions/decision-rules.ts';
import { parseShortId } from '../../lead/short-id.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { FoundHeld, HeldCounts, HeldLeadRow, HeldView } from '../views.ts';
import { matchesWords } from './match-words.ts';

type Db = Kysely<Database>;

const HELD_LIMIT = 50;
const FOUND_LIMIT = 5;
/** What a hard stop writes as the reason; every other one is a failure that somebody must mend. */
const STOPPED = 'disqualified';

/** Held leads and webhook items that became no lead: the broken ones apart from those a rule stopped. */
export async function readHeld(db: Db): Promise<HeldView> {
  const counts = await countHeld(db);
  const broken = [...(await heldLeads(db, stopped('<>'))), ...(await heldEvents(db))];
  const rows = broken.sort((a, b) => a.since.getTime() - b.since.getTime()).slice(0, HELD_LIMIT);
  return {
    broken: { rows, count: counts.broken },
    stopped: { rows: await heldLeads(db, stopped('=')), count: counts.stopped },
  };
}

/** Held leads that are meant by an id or by words, scored or not, the longest held first. */
export async function findHeld(db: Db, text: string): Promise<FoundHeld> {
  const shortId = parseShortId(text);
  const named = shortId === null ? [] : await heldLeads(db, sql`leads.short_id = ${shortId}`);
  const words = matchesWords(text);
  if (named.length > 0 || words === null) return { rows: named, more: false };
  const rows = await heldLeads(db, words, FOUND_LIMIT + 1);
  return { rows: rows.slice(0, FOUND_LIMIT), more: rows.length > FOUND_LIMIT };
}

export async function countHeld(db: Db): Promise<HeldCounts> {
  const { rows } = await sql<HeldCounts>`
    select
      (select count(*) from leads
        where state = 'held' and held_reason <> ${STOPPED})::int
        + (select count(*) from inbound_events
            where state = 'held' and kind = 'lead')::int as broken,
      (select count(*) from leads
        where state = 'held' and held_reason = ${STOPPED})::int as stopped
  `.execute(db);
  return rows[0] ?? { broken: 0, stopped: 0 };
}

function stopped(is: '=' | '<>'): Expression<SqlBool> {
  return is === '='
    ? sql<SqlBool>`leads.held_reason = ${STOPPED}`
    : sql<SqlBool>`leads.held_reason <> ${STOPPED}`;
}

async function heldLeads(
  db: Db,
  which: Expression<SqlBool>,
  limit = HELD_LIMIT,
): Promise<FoundHeld['rows']> {
  const leads = await db
    .selectFrom('leads')
    .select(['id', 'short_id', 'profile', 'held_reason', 'held_detail', 'held_at', 'updated_at'])
    .where('state', '=', 'held')
    .where(which)
    .orderBy('held_at')
    .limit(limit)
    .execute();
  return leads.map(({ profile, ...lead }) => ({
    leadId: lead.id,
    eventId: null,
    label: labelOf(lead.short_id, [profile.firstName, profile.lastName], profile.company),
    reason: lead.held_reason ?? 'unknown',
    detail: lead.held_detail ?? '',
    since: lead.held_at ?? lead.updated_at,
    optedOut: askedNotToBeContacted({ profile, held_detail: lead.held_detail }),
  }));
}

async function heldEvents(db: Db): Promise<HeldLeadRow[]> {
  const events = await db
    .selectFrom('inbound_events')
    .select(['id', 'source', 'held_reason', 'held_detail', 'received_at'])
    .where('state', '=', 'held')
    .where('kind', '=', 'lead')
    .orderBy('received_at')
    .limit(HELD_LIMIT)
    .execute();
  return events.map((event) => ({
    leadId: null,
    eventId: event.id,
    label: `Webhook item from ${event.source}`,
    reason: event.held_reason ?? 'unknown',
    detail: event.held_detail ?? '',
    since: event.received_at,
  }));
}

/** "L-4F7K, Dana Sample, Example Freight". */
function labelOf(shortId: string, names: (string | null)[], company: string | null): string {
  const person = names.filter((part) => part !== null && part !== '').join(' ');
  return [shortId, person, company].filter((part) => part !== null && part !== '').join(', ');
}

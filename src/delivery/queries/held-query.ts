import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { HeldLeadRow } from '../views.ts';

type Db = Kysely<Database>;

const HELD_LIMIT = 50;

/** Held leads and webhook items that became no lead, the oldest first. */
export async function readHeld(db: Db): Promise<HeldLeadRow[]> {
  const leads = await db
    .selectFrom('leads')
    .select(['id', 'short_id', 'profile', 'held_reason', 'held_detail', 'updated_at'])
    .where('state', '=', 'held')
    .orderBy('updated_at')
    .limit(HELD_LIMIT)
    .execute();
  const events = await db
    .selectFrom('inbound_events')
    .select(['id', 'source', 'held_reason', 'held_detail', 'received_at'])
    .where('state', '=', 'held')
    .where('kind', '=', 'lead')
    .orderBy('received_at')
    .limit(HELD_LIMIT)
    .execute();
  const rows: HeldLeadRow[] = [
    ...leads.map((lead) => ({
      leadId: lead.id,
      eventId: null,
      label: labelOf(lead.short_id, lead.profile.lastName, lead.profile.company),
      reason: lead.held_reason ?? 'unknown',
      detail: lead.held_detail ?? '',
      since: lead.updated_at,
    })),
    ...events.map((event) => ({
      leadId: null,
      eventId: event.id,
      label: `Webhook item from ${event.source}`,
      reason: event.held_reason ?? 'unknown',
      detail: event.held_detail ?? '',
      since: event.received_at,
    })),
  ];
  return rows.sort((a, b) => a.since.getTime() - b.since.getTime()).slice(0, HELD_LIMIT);
}

function labelOf(shortId: string, lastName: string | null, company: string | null): string {
  return [shortId, lastName, company].filter((part) => part !== null && part !== '').join(', ');
}

import type { Kysely } from 'kysely';
import type { SentTestLead, TestLeadProgress, TestLeads } from '../delivery/test-lead-port.ts';
import type { Inbox } from '../intake/inbox.ts';
import { testLeadEvent } from '../intake/test-lead-event.ts';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { closeTestLeads } from './close-test-leads.ts';

type Db = Kysely<Database>;

export interface TestLeadsOptions {
  db: Db;
  inbox: Inbox;
  clock: Clock;
  /** Wakes the work, as after a webhook; what it loses, the sweep finds. */
  onReceived(eventId: string): void | Promise<void>;
}

export function createTestLeads({ db, inbox, clock, onReceived }: TestLeadsOptions): TestLeads {
  return {
    async send(by, { key, traceId }) {
      const waiting = await waitingEvent(db);
      if (waiting !== null) return { ...waiting.sent, isNew: waiting.key === key };
      const now = clock.now();
      const event = testLeadEvent({ byName: by.displayName, key, traceId }, now);
      const [stored] = await inbox.store([event]);
      if (stored === undefined) {
        throw new AppError('unexpected', 'The inbox stored nothing.', { retryable: true });
      }
      const storedAt = clock.now();
      await onReceived(stored.id);
      await audit(db, by.slackUserId, 'test_lead.sent', stored.id, now);
      return { eventId: stored.id, isNew: !stored.duplicate, storedAt };
    },
    progress: (sent) => readProgress(db, sent),
    async remove(leadId, by, traceId) {
      const now = clock.now();
      const [shortId] = await inTransaction(db, (tx) =>
        closeTestLeads(tx, { leadId }, { traceId, now }),
      );
      if (shortId === undefined) return { kind: 'gone' };
      await audit(db, by, 'test_lead.removed', shortId, now);
      return { kind: 'removed', shortId };
    },
  };
}

/** Of a test lead that is on its way or not closed yet. */
async function waitingEvent(
  db: Db,
): Promise<{ key: string; sent: Omit<SentTestLead, 'isNew'> } | null> {
  const row = await db
    .selectFrom('inbound_events')
    .leftJoin('leads', 'leads.id', 'inbound_events.lead_id')
    .select(['inbound_events.id', 'inbound_events.dedupe_key', 'inbound_events.received_at'])
    .where('inbound_events.source', '=', TEST_LEAD_SOURCE)
    .where((eb) =>
      eb.or([eb('inbound_events.state', '=', 'received'), eb('leads.state', '<>', 'closed')]),
    )
    .orderBy('inbound_events.received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { key: row.dedupe_key, sent: { eventId: row.id, storedAt: row.received_at } };
}

async function readProgress(
  db: Db,
  { eventId, storedAt }: SentTestLead,
): Promise<TestLeadProgress> {
  const row = await db
    .selectFrom('inbound_events as event')
    .leftJoin('leads', 'leads.id', 'event.lead_id')
    .leftJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .leftJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('deliveries')
          .select(['confirmed_at', 'surface'])
          .whereRef('deliveries.lead_id', '=', 'leads.id')
          .orderBy('confirmed_at')
          .limit(1)
          .as('shown'),
      (join) => join.onTrue(),
    )
    // How long it took to be scored does not change when the rules do.
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('assessments as each')
          .select((each) => each.fn.min('each.scored_at').as('scored_at'))
          .whereRef('each.lead_id', '=', 'leads.id')
          .as('first'),
      (join) => join.onTrue(),
    )
    .select([
      ...(['event.received_at', 'event.held_reason', 'leads.id as lead_id'] as const),
      ...(['leads.short_id', 'leads.state', 'leads.held_detail'] as const),
      ...(['assessments.tier', 'assessments.points', 'first.scored_at'] as const),
      ...(['assignments.channel_id', 'assignments.rep_user_id'] as const),
      ...(['shown.confirmed_at', 'shown.surface'] as const),
    ])
    .where('event.id', '=', eventId)
    .executeTakeFirstOrThrow();
  const { received_at: receivedAt, held_reason: heldReason } = row;
  return { receivedAt, storedAt, heldReason, lead: leadOf(row) };
}

interface ProgressRow {
  lead_id: string | null;
  short_id: string | null;
  state: NonNullable<TestLeadProgress['lead']>['state'] | null;
  held_detail: string | null;
  tier: 'A' | 'B' | 'C' | 'D' | null;
  points: number | null;
  scored_at: Date | null;
  channel_id: string | null;
  rep_user_id: string | null;
  confirmed_at: Date | null;
  surface: 'board' | 'hot' | null;
}

function leadOf(row: ProgressRow): TestLeadProgress['lead'] {
  const { lead_id: leadId, short_id: shortId, state, tier, points } = row;
  if (leadId === null || shortId === null || state === null) return null;
  const { scored_at: at, channel_id: channel, confirmed_at: shownAt, surface } = row;
  return {
    ...{ leadId, shortId, state, heldDetail: row.held_detail },
    score: tier === null || points === null || at === null ? null : { tier, points, at },
    routed: channel === null ? null : { channel, rep: row.rep_user_id },
    shown: shownAt === null || surface === null ? null : { at: shownAt, on: surface },
  };
}

async function audit(
  db: Db,
  actor: string,
  action: string,
  subject: string,
  at: Date,
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ at, actor, action, subject, detail: JSON.stringify({}) })
    .execute();
}

import { sql, type Transaction } from 'kysely';
import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import { type EffectClaim, enqueueEffect } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { LaneContext } from './lane-context.ts';
import { findShownMessage } from './message-records.ts';
import { withDirectCopies } from './send-hot-direct.ts';
import { sendMessage } from './send-message.ts';
import { recordShown } from './thread-records.ts';

/** After five hot messages in ten minutes in one channel, the rest of them become one summary. */
export const HOT_FLOOD = { messages: 5, windowMs: 10 * 60_000 } as const;

/** `slack.hot` {leadId}: posted once, updated when the lead is accepted, overridden or closed. */
export async function sendHotLead(
  context: LaneContext,
  claim: EffectClaim,
): Promise<EffectOutcome> {
  const leadId = claim.payload.leadId ?? '';
  const summaryKey = claim.payload.summaryKey;
  if (summaryKey !== undefined) {
    return leaveToSummary(context, claim, summaryKey.split(':')[1] ?? '', summaryKey);
  }
  const shown = await findShownMessage(context.db, 'hot', leadId);
  const isFirst = shown === undefined && claim.unknownSince === null;
  // What may have been posted already is no candidate for a summary.
  if (isFirst) {
    const flooded = await floodedChannel(context, claim, leadId);
    if (flooded !== null) {
      const window = Math.floor(context.clock.now().getTime() / HOT_FLOOD.windowMs);
      return leaveToSummary(context, claim, flooded, `summary:${flooded}:${window}`);
    }
    // What the message is about to show itself, its thread need not tell.
    await recordShown(context.db, leadId, context.clock.now());
  }
  const rendered = await context.render.renderHot(leadId, { pings: shown?.healed !== true });
  if (rendered === null) return { kind: 'done' };
  const { channelId, assessmentId, copy, text, blocks } = rendered;
  const outcome = await sendMessage(context, claim, {
    purpose: 'hot',
    subject: leadId,
    channelId,
    content: { text, blocks },
    revision: claim.revision,
    deliveries: [{ leadId, assessmentId }],
    surface: 'hot',
    // The rep has been told once.
    healedContent: () => context.render.renderHot(leadId, { pings: false }),
  });
  return withDirectCopies(context, claim, copy, outcome);
}

/** Before anything is drawn: in a burst most hot leads end here. Null: it may have a message of its own. */
async function floodedChannel(
  context: LaneContext,
  claim: EffectClaim,
  leadId: string,
): Promise<string | null> {
  const channelId = await context.render.hotChannel(leadId);
  if (channelId === null) return null;
  const before = await countBefore(context, claim, leadId, channelId);
  return before >= HOT_FLOOD.messages ? channelId : null;
}

/**
 * Hot leads that were posted in this channel lately, and those of the same board that were owed a message of
 * their own earlier and have none yet: in a burst they would otherwise all be drawn again every second until
 * the fifth is posted. One statement, so that none is missed that is posted between two.
 */
async function countBefore(
  context: LaneContext,
  claim: EffectClaim,
  leadId: string,
  channelId: string,
): Promise<number> {
  const since = new Date(context.clock.now().getTime() - HOT_FLOOD.windowMs);
  const { rows } = await sql<{ count: number }>`
    with posted as (
      select count(*)::int as count from slack_messages
      where purpose = 'hot' and channel_id = ${channelId} and posted_at > ${since}
    ), waiting as (
      select count(*)::int as count
      from outbox
      join leads on leads.id = (outbox.payload ->> 'leadId')::uuid
      join assignments on assignments.id = leads.assignment_id
      where outbox.lane = 'slack' and outbox.state in ('due', 'unknown', 'sending')
        and outbox.kind = 'slack.hot' and outbox.sent_revision = 0
        and not outbox.payload ? 'summaryKey'
        and (outbox.created_at, outbox.id) < (${claim.createdAt}, ${claim.id})
        and assignments.channel_id = (
          select own.channel_id from leads as this
          join assignments as own on own.id = this.assignment_id where this.id = ${leadId})
    )
    select posted.count + waiting.count as count from posted, waiting
  `.execute(context.db);
  return rows[0]?.count ?? 0;
}

/** Its message is the summary's: this one is done, and the summary is due. */
function leaveToSummary(
  context: LaneContext,
  claim: EffectClaim,
  channelId: string,
  summaryKey: string,
): EffectOutcome {
  return {
    kind: 'done',
    async record(trx) {
      // Kept in the row: later changes of this lead go to the summary as well.
      await trx
        .updateTable('outbox')
        .set({ payload: sql`payload || ${JSON.stringify({ summaryKey })}::jsonb` })
        .where('id', '=', claim.id)
        .execute();
      const now = context.clock.now();
      if (!('summaryKey' in claim.payload)) await takeLaterOnes(trx, claim, summaryKey, now);
      await enqueueEffect(trx, {
        key: summaryKey,
        lane: 'slack',
        kind: 'slack.summary',
        payload: { channelId, summaryKey },
        dueAt: now,
        priority: claim.priority,
        traceId: claim.traceId,
        now,
      });
    },
  };
}

/**
 * Those of the same board that came later and wait for a message of their own share the summary too: all in one
 * statement, since in a burst each of them would otherwise be drawn to learn just that. Rows that somebody works
 * on are left to that; nobody waits for them here.
 */
async function takeLaterOnes(
  trx: Transaction<Database>,
  claim: EffectClaim,
  summaryKey: string,
  now: Date,
): Promise<void> {
  await sql`
    with later as (
      select outbox.id
      from outbox
      join leads on leads.id = (outbox.payload ->> 'leadId')::uuid
      join assignments on assignments.id = leads.assignment_id
      where outbox.lane = 'slack' and outbox.state = 'due' and outbox.kind = 'slack.hot'
        and outbox.sent_revision = 0 and not outbox.payload ? 'summaryKey'
        and (outbox.created_at, outbox.id) > (${claim.createdAt}, ${claim.id})
        and assignments.channel_id = (
          select own.channel_id from leads as this
          join assignments as own on own.id = this.assignment_id
          where this.id = ${claim.payload.leadId ?? ''})
      for update of outbox skip locked
    )
    update outbox
    set state = 'done', payload = payload || ${JSON.stringify({ summaryKey })}::jsonb,
      sent_revision = wanted_revision, done_at = ${now}, attempts = 0, last_error = null
    from later where outbox.id = later.id
  `.execute(trx);
}

/** `slack.summary` {channelId, summaryKey}: the hot leads of one flood in one message. */
export async function sendSummary(
  context: LaneContext,
  claim: EffectClaim,
): Promise<EffectOutcome> {
  const channelId = claim.payload.channelId ?? '';
  const rows = await context.db
    .selectFrom('outbox')
    .select(sql<string>`payload ->> 'leadId'`.as('leadId'))
    .where('kind', '=', 'slack.hot')
    .where(sql<boolean>`payload ? 'summaryKey'`)
    .where(sql`payload ->> 'summaryKey'`, '=', claim.key)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const leadIds = rows.map((row) => row.leadId);
  const rendered = await context.render.renderSummary(channelId, leadIds);
  if (rendered === null) return { kind: 'done' };
  return sendMessage(context, claim, {
    purpose: 'summary',
    subject: claim.key,
    channelId,
    content: { text: rendered.text, blocks: rendered.blocks },
    revision: claim.revision,
    deliveries: rendered.assessmentIds,
    surface: 'hot',
    everyMs: 2_000,
  });
}

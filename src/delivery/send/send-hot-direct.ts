import type { Transaction } from 'kysely';
import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import {
  type EffectClaim,
  type EffectRequest,
  enqueueEffects,
  PRIORITY,
} from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { LaneContext } from './lane-context.ts';
import { findShownMessage } from './message-records.ts';
import type { DirectCopy } from './rendered.ts';
import { sendMessage } from './send-message.ts';
import { directChannel } from './send-notice.ts';

/**
 * `slack.hot_direct` {leadId, userId}: the lead's message once more, for the one rep who asked for it. Posted
 * once, not in their quiet hours and not when somebody took the lead before it could be; updated as the others.
 */
export async function sendHotDirect(
  context: LaneContext,
  claim: EffectClaim,
): Promise<EffectOutcome> {
  const { leadId = '', userId = '' } = claim.payload;
  const rendered = await context.render.renderDirect(leadId, userId);
  if (rendered === null) return { kind: 'done' };
  const { isWanted, quietUntil, text, blocks } = rendered;
  const shown = await findShownMessage(context.db, 'notice', claim.key);
  if (shown === undefined && claim.unknownSince === null) {
    if (!isWanted) return { kind: 'done' };
    if (quietUntil !== null) return { kind: 'defer', until: quietUntil };
  }
  const channelId = await directChannel(context, claim, userId);
  if (typeof channelId !== 'string') return channelId;
  return sendMessage(context, claim, {
    purpose: 'notice',
    subject: claim.key,
    channelId,
    content: { text, blocks },
    revision: claim.revision,
    deliveries: [],
    surface: 'hot',
    mayPost: isWanted && quietUntil === null,
  });
}

/**
 * With the lead's own message, and each time that it changes: the copies that there are follow, and `copy` is
 * made when it is asked for and not there yet. A lead that was left to a summary gets none.
 */
export function withDirectCopies(
  context: LaneContext,
  claim: EffectClaim,
  copy: DirectCopy | null,
  outcome: EffectOutcome,
): EffectOutcome {
  if (outcome.kind !== 'done') return outcome;
  return {
    kind: 'done',
    async record(trx) {
      await outcome.record?.(trx);
      await oweDirectCopies(trx, claim, copy, context.clock.now());
    },
  };
}

async function oweDirectCopies(
  trx: Transaction<Database>,
  claim: EffectClaim,
  copy: DirectCopy | null,
  now: Date,
): Promise<void> {
  const leadId = claim.payload.leadId ?? '';
  const existing = await copiesOf(trx, leadId);
  const effects = [...existing].map((userId) => ({
    ...effectOf(leadId, userId, claim.traceId, now),
    priority: claim.priority,
  }));
  if (copy !== null && !existing.has(copy.userId)) {
    effects.push({ ...effectOf(leadId, copy.userId, claim.traceId, now), dueAt: copy.dueAt });
  }
  await enqueueEffects(trx, effects);
}

/** Who was sent one, or is to be: only those to whom the lead was ever routed. */
async function copiesOf(trx: Transaction<Database>, leadId: string): Promise<Set<string>> {
  const reps = await trx
    .selectFrom('assignments')
    .select('rep_user_id as id')
    .distinct()
    .where('lead_id', '=', leadId)
    .where('rep_user_id', 'is not', null)
    .execute();
  const keys = new Map(reps.flatMap(({ id }) => (id === null ? [] : [[keyOf(leadId, id), id]])));
  if (keys.size === 0) return new Set();
  const rows = await trx
    .selectFrom('outbox')
    .select('key')
    .where('key', 'in', [...keys.keys()])
    .execute();
  return new Set(rows.flatMap(({ key }) => keys.get(key) ?? []));
}

function keyOf(leadId: string, userId: string): string {
  return `hot-direct:${leadId}:${userId}`;
}

function effectOf(leadId: string, userId: string, traceId: string, now: Date): EffectRequest {
  return {
    ...{ key: keyOf(leadId, userId), lane: 'slack', kind: 'slack.hot_direct' },
    ...{ payload: { leadId, userId }, priority: PRIORITY.hot, dueAt: now, traceId, now },
  };
}

import type { Kysely } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { EffectOutcome } from '../../platform/effect-outcome.ts';
import type { EffectClaim } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { LeadBoard, SlackMethod } from './lead-board.ts';
import type { Renderers } from './rendered.ts';
import type { SlackBudget } from './slack-budget.ts';

export interface LaneContext {
  db: Kysely<Database>;
  board: LeadBoard;
  budget: SlackBudget;
  render: Renderers;
  clock: Clock;
  /** No call starts this long after the claim: another process may hold the row by then. */
  callWithinMs: number;
}

/** Undefined: the call may be made. Otherwise what to do instead. */
export async function mayCall(
  context: LaneContext,
  claim: EffectClaim,
  method: SlackMethod,
  channelId: string,
): Promise<EffectOutcome | undefined> {
  const now = context.clock.now();
  const answer = await context.budget.take(method, channelId, claim.priority, now);
  if (!answer.ok) return { kind: 'defer', until: answer.retryAt };
  const heldMs = context.clock.now().getTime() - claim.attemptedAt.getTime();
  return heldMs > context.callWithinMs ? { kind: 'defer', until: now } : undefined;
}

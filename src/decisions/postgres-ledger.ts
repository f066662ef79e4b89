import { SNOOZE } from '../delivery/text/decision-words.ts';
import { changedSince, checkOverride } from './check-override.ts';
import { decide, lean } from './decide.ts';
import type { DecisionPlan } from './decision-plan.ts';
import type { LedgerOptions } from './decision-records.ts';
import { askedNotToBeContacted, LONGEST_SNOOZE_DAYS, snoozeProblem } from './decision-rules.ts';
import type { Ledger, OverrideInput } from './ledger.ts';
import { assignPlan, handOverPlan, keepForLater, notMinePlan, tellLoser } from './move-lead.ts';
import { undoDecision } from './undo-decision.ts';

/** The ledger on Postgres: the row, the lead's new state and the effects it owes are one commit. */
export function createPostgresLedger(options: LedgerOptions): Ledger {
  return {
    accept: (context) => decide(options, context, acceptPlan(context.actor)),
    override: (context, input) => decide(options, context, overridePlan(options, input)),
    reassign: (context, toMember) => decide(options, context, notMinePlan(toMember)),
    handOver: (context, toMember, handOver = {}) =>
      decide(options, context, handOverPlan(context.actor, toMember, handOver)),
    assign: (context, toMember, shown) => decide(options, context, assignPlan(toMember, shown)),
    snooze: (context, until) => decide(options, context, snoozePlan(until)),
    async release(context, { confirmed } = { confirmed: false }) {
      const result = await decide(options, context, releasePlan(confirmed));
      if (result.kind === 'recorded') options.onScoreDue(context.leadId);
      return result;
    },
    async undo(context) {
      const result = await undoDecision(options, context);
      if (result.kind === 'recorded') options.onScoreDue(result.lead.leadId);
      options.metrics.decisions.inc({ kind: 'undone', result: result.kind });
      return result;
    },
  };
}

function acceptPlan(actor: string): DecisionPlan {
  return {
    kind: 'accepted',
    row: {},
    undoable: true,
    change: (_lead, now) => ({
      state: 'accepted',
      accepted_by: actor,
      accepted_at: now,
      snoozed_until: null,
    }),
    // Nobody looks for a snoozed lead on the board, to see there who took it.
    async afterwards(tx, decided) {
      if (decided.lead.state === 'snoozed') await tellLoser(tx, decided);
    },
  };
}

function overridePlan({ rulesets }: LedgerOptions, input: OverrideInput): DecisionPlan {
  const { toTier, reasonCode, blamedRules, worked, note } = input;
  return {
    kind: toTier === null ? 'disqualified' : 'overridden',
    row: { to_tier: toTier, reason_code: reasonCode, blamed_rules: blamedRules, worked },
    undoable: true,
    note,
    async refusal(tx, lead, named) {
      const changed = await changedSince(tx, named, input);
      if (changed !== null) return changed;
      const because = await checkOverride(tx, rulesets, lead, input);
      return because === null ? null : { kind: 'stale', because, lead: lean(named) };
    },
    change: () =>
      toTier === null
        ? { state: 'closed', closed_reason: `disqualified:${reasonCode}` }
        : { override_tier: toTier },
    ...(toTier === null ? { afterwards: tellLoser } : {}),
  };
}

function snoozePlan(until: Date): DecisionPlan {
  return {
    kind: 'snoozed',
    row: { snoozed_until: until },
    undoable: true,
    async refusal(_tx, _lead, _named, now) {
      const problem = snoozeProblem(until, now);
      if (problem === null) return null;
      const message = problem === 'past' ? SNOOZE.past : SNOOZE.tooFar(LONGEST_SNOOZE_DAYS);
      return { kind: 'refused', message };
    },
    change: () => ({
      state: 'snoozed',
      snoozed_until: until,
      accepted_by: null,
      accepted_at: null,
    }),
    afterwards: keepForLater,
  };
}

function releasePlan(confirmed: boolean): DecisionPlan {
  return {
    kind: 'released',
    row: {},
    undoable: false,
    refusal: async (_tx, lead, named) =>
      confirmed || !askedNotToBeContacted(lead)
        ? null
        : { kind: 'needs_confirmation', lead: lean(named) },
    change: (_lead, now) => ({
      state: 'open',
      held_reason: null,
      held_detail: null,
      score_due_at: now,
    }),
  };
}

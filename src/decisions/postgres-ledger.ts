import type { Selectable } from 'kysely';
import { inTransaction } from '../platform/postgres/database.ts';
import type { DecisionsTable } from '../platform/postgres/tables.ts';
import { assign, presentAssignment } from '../records/assignments.ts';
import type { LeadRecord } from '../records/leads.ts';
import { checkOverride } from './check-override.ts';
import {
  decidedLead,
  type LedgerOptions,
  latencyMs,
  lockLead,
  oweDecisionEffects,
  repeatedDecision,
  type Tx,
} from './decision-records.ts';
import { allows, askedNotToBeContacted, notPossible, UNDO_WINDOW_MS } from './decision-rules.ts';
import type {
  DecidedLead,
  DecisionContext,
  DecisionKind,
  DecisionResult,
  Ledger,
  OverrideInput,
} from './ledger.ts';
import { undoDecision } from './undo-decision.ts';

type NewDecision = Partial<
  Pick<
    Selectable<DecisionsTable>,
    'to_tier' | 'reason_code' | 'blamed_rules' | 'worked' | 'to_member' | 'snoozed_until'
  >
>;
type LeadChange = Partial<{
  state: LeadRecord['state'];
  override_tier: LeadRecord['override_tier'];
  accepted_by: string | null;
  accepted_at: Date | null;
  snoozed_until: Date | null;
  closed_reason: string | null;
  held_reason: string | null;
  held_detail: string | null;
  score_due_at: Date;
}>;

/** What a decision changes besides adding its row. */
interface Plan {
  kind: Exclude<DecisionKind, 'undone'>;
  row: NewDecision;
  change(lead: LeadRecord, now: Date): LeadChange;
  undoable: boolean;
  note?: string | null;
  /** What else stands in the way, before anything is written. */
  refusal?(tx: Tx, lead: LeadRecord, named: DecidedLead): Promise<DecisionResult | null>;
  /** Runs in the same transaction, after the row. */
  afterwards?(tx: Tx, lead: LeadRecord, now: Date): Promise<void>;
}

/** The ledger on Postgres: the row, the lead's new state and the effects it owes are one commit. */
export function createPostgresLedger(options: LedgerOptions): Ledger {
  const { db, clock, metrics } = options;

  async function decide(context: DecisionContext, plan: Plan): Promise<DecisionResult> {
    const now = clock.now();
    const result = await inTransaction(db, async (tx): Promise<DecisionResult> => {
      const lead = await lockLead(tx, context.leadId);
      if (!lead) return { kind: 'not_found' };
      const named = await decidedLead(tx, lead, options.crmUrl);
      const repeated = await repeatedDecision(tx, context.idempotencyKey, named, now);
      if (repeated) return repeated;
      const taken = takenBySomebodyElse(plan.kind, lead, context.actor, named);
      if (taken) return taken;
      if (!allows(plan.kind, lead.state)) {
        return {
          kind: 'not_possible',
          message: notPossible(lead.short_id, lead.state),
          lead: named,
        };
      }
      const refused = (await plan.refusal?.(tx, lead, named)) ?? null;
      if (refused) return refused;
      const decisionId = await insertDecision(tx, lead, context, plan, now);
      if (plan.note) await insertNote(tx, decisionId, plan.note, now);
      const change = plan.change(lead, now);
      await tx
        .updateTable('leads')
        .set({ ...change, updated_at: now, trace_id: context.traceId })
        .where('id', '=', lead.id)
        .execute();
      await plan.afterwards?.(tx, lead, now);
      await oweDecisionEffects(tx, lead.id, options.writesBack, { traceId: context.traceId, now });
      return {
        kind: 'recorded',
        decisionId,
        lead: { ...named, effectiveTier: change.override_tier ?? named.effectiveTier },
        undoUntil: plan.undoable ? new Date(now.getTime() + UNDO_WINDOW_MS) : null,
      };
    });
    metrics.decisions.inc({ kind: plan.kind, result: result.kind });
    return result;
  }

  return {
    accept(context) {
      return decide(context, {
        kind: 'accepted',
        row: {},
        undoable: true,
        change: (_lead, now) => ({
          state: 'accepted',
          accepted_by: context.actor,
          accepted_at: now,
          snoozed_until: null,
        }),
      });
    },
    override: (context, input) =>
      decide(context, {
        ...overridePlan(input),
        async refusal(tx, lead, named) {
          const because = await checkOverride(tx, options.rulesets, lead, input);
          return because === null ? null : { kind: 'stale', because, lead: lean(named) };
        },
      }),
    snooze(context, until) {
      return decide(context, {
        kind: 'snoozed',
        row: { snoozed_until: until },
        undoable: true,
        change: () => ({
          state: 'snoozed',
          snoozed_until: until,
          accepted_by: null,
          accepted_at: null,
        }),
      });
    },
    reassign(context, toMember) {
      return decide(context, {
        kind: 'reassigned',
        row: { to_member: toMember },
        undoable: true,
        change: () => ({
          state: 'open',
          accepted_by: null,
          accepted_at: null,
          snoozed_until: null,
        }),
        afterwards: (tx, lead, now) => moveAssignment(tx, lead, toMember, context.actor, now),
      });
    },
    async release(context, { confirmed } = { confirmed: false }) {
      const result = await decide(context, {
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
      });
      if (result.kind === 'recorded') options.onScoreDue(context.leadId);
      return result;
    },
    async undo(context) {
      const result = await undoDecision(options, context);
      metrics.decisions.inc({ kind: 'undone', result: result.kind });
      return result;
    },
  };
}

function overridePlan(input: OverrideInput): Plan {
  const row = {
    to_tier: input.toTier,
    reason_code: input.reasonCode,
    blamed_rules: input.blamedRules,
    worked: input.worked,
  };
  if (input.toTier === null) {
    return {
      kind: 'disqualified',
      row,
      undoable: true,
      note: input.note,
      change: () => ({ state: 'closed', closed_reason: `disqualified:${input.reasonCode}` }),
    };
  }
  const toTier = input.toTier;
  return {
    kind: 'overridden',
    row,
    undoable: true,
    note: input.note,
    change: () => ({ override_tier: toTier }),
  };
}

/** "Not mine": the same team and deadline, another rep or nobody yet. */
async function moveAssignment(
  tx: Tx,
  lead: LeadRecord,
  toMember: string | null,
  by: string,
  now: Date,
): Promise<void> {
  const present = await presentAssignment(tx, lead.assignment_id);
  if (!present) return;
  await assign(
    tx,
    {
      leadId: lead.id,
      team: present.team,
      channel: present.channel_id,
      rep: toMember,
      routingRule: present.routing_rule,
      because: toMember === null ? 'Handed back to the team' : 'Reassigned by a person',
      slaDueAt: present.sla_due_at,
      by,
    },
    now,
  );
}

/** Nobody loses an accepted lead to a click on a stale button; an override is an opinion and takes nothing. */
function takenBySomebodyElse(
  kind: Plan['kind'],
  lead: LeadRecord,
  actor: string,
  named: DecidedLead,
): DecisionResult | null {
  if (lead.accepted_by === null || !isTaken(lead)) return null;
  if (kind === 'accepted') return takenResult(lead, actor, named);
  const takesAway = kind === 'snoozed' || kind === 'reassigned' || kind === 'disqualified';
  return takesAway && lead.accepted_by !== actor ? takenResult(lead, actor, named) : null;
}

function isTaken(lead: LeadRecord): boolean {
  return lead.state === 'accepted' || lead.state === 'contacted';
}

function takenResult(lead: LeadRecord, actor: string, named: DecidedLead): DecisionResult {
  if (lead.accepted_by === actor || lead.accepted_by === null || lead.accepted_at === null) {
    return { kind: 'not_possible', message: `You have ${lead.short_id} already.`, lead: named };
  }
  return { kind: 'taken', by: lead.accepted_by, at: lead.accepted_at, lead: lean(named) };
}

/** Contact details are for the one who has the lead. */
function lean(named: DecidedLead): DecidedLead {
  return { ...named, phone: null, email: null };
}

async function insertDecision(
  tx: Tx,
  lead: LeadRecord,
  context: DecisionContext,
  plan: Plan,
  now: Date,
): Promise<string> {
  const assessment =
    lead.assessment_id === null
      ? undefined
      : await tx
          .selectFrom('assessments')
          .select(['ruleset_version', 'tier'])
          .where('id', '=', lead.assessment_id)
          .executeTakeFirst();
  const row = await tx
    .insertInto('decisions')
    .values({
      lead_id: lead.id,
      assessment_id: lead.assessment_id,
      ruleset_version: assessment?.ruleset_version ?? null,
      kind: plan.kind,
      actor: context.actor,
      surface: context.surface,
      from_tier: lead.override_tier ?? assessment?.tier ?? null,
      to_tier: plan.row.to_tier ?? null,
      reason_code: plan.row.reason_code ?? null,
      blamed_rules: plan.row.blamed_rules ?? [],
      worked: plan.row.worked ?? null,
      to_member: plan.row.to_member ?? null,
      snoozed_until: plan.row.snoozed_until ?? null,
      undoes: null,
      latency_ms: await latencyMs(tx, lead.id, now),
      idempotency_key: context.idempotencyKey,
      decided_at: now,
      trace_id: context.traceId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertNote(tx: Tx, decisionId: string, note: string, now: Date): Promise<void> {
  await tx
    .insertInto('decision_notes')
    .values({ decision_id: decisionId, note, created_at: now })
    .execute();
}

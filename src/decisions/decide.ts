import { inTransaction } from '../platform/postgres/database.ts';
import type { LeadRecord } from '../records/leads.ts';
import type { DecisionPlan } from './decision-plan.ts';
import {
  decidedLead,
  type LedgerOptions,
  latencyMs,
  lockLead,
  oweDecisionEffects,
  repeatedDecision,
  type Tx,
} from './decision-records.ts';
import { allows, notPossible, UNDO_WINDOW_MS } from './decision-rules.ts';
import type { DecidedLead, DecisionContext, DecisionResult } from './ledger.ts';

/** The row, the lead's new state and the effects that it owes are one commit. */
export async function decide(
  options: LedgerOptions,
  context: DecisionContext,
  plan: DecisionPlan,
): Promise<DecisionResult> {
  const now = options.clock.now();
  const result = await inTransaction(options.db, async (tx): Promise<DecisionResult> => {
    const lead = await lockLead(tx, context.leadId);
    if (!lead) return { kind: 'not_found' };
    const named = await decidedLead(tx, lead, options.crmUrl);
    const repeated = await repeatedDecision(tx, context.idempotencyKey, named, now);
    if (repeated) return repeated;
    const refused =
      refusalOf(plan, lead, context.actor, named) ??
      (await plan.refusal?.(tx, lead, named, now)) ??
      null;
    if (refused) return refused;
    const decisionId = await insertDecision(tx, lead, context, plan, now);
    if (plan.note) await insertNote(tx, decisionId, plan.note, now);
    const change = plan.change(lead, now);
    await tx
      .updateTable('leads')
      .set({ ...change, updated_at: now, trace_id: context.traceId })
      .where('id', '=', lead.id)
      .execute();
    await plan.afterwards?.(tx, { decisionId, context, lead, now });
    await oweDecisionEffects(tx, lead.id, options.writesBack, { traceId: context.traceId, now });
    return {
      kind: 'recorded',
      decisionId,
      lead: { ...named, effectiveTier: change.override_tier ?? named.effectiveTier },
      undoUntil: plan.undoable ? new Date(now.getTime() + UNDO_WINDOW_MS) : null,
    };
  });
  options.metrics.decisions.inc({ kind: plan.kind, result: result.kind });
  return result;
}

function refusalOf(
  plan: DecisionPlan,
  lead: LeadRecord,
  actor: string,
  named: DecidedLead,
): DecisionResult | null {
  const taken = plan.overrules === true ? null : takenBySomebodyElse(plan.kind, lead, actor, named);
  if (taken !== null || allows(plan.kind, lead.state)) return taken;
  return { kind: 'not_possible', message: notPossible(lead.short_id, lead.state), lead: named };
}

const TAKES_AWAY: readonly DecisionPlan['kind'][] = [
  'snoozed',
  'reassigned',
  'handed_over',
  'disqualified',
];

/** Nobody loses an accepted lead to a click on a stale button; an override is an opinion and takes nothing. */
function takenBySomebodyElse(
  kind: DecisionPlan['kind'],
  lead: LeadRecord,
  actor: string,
  named: DecidedLead,
): DecisionResult | null {
  if (lead.accepted_by === null || !isTaken(lead)) return null;
  if (kind === 'accepted') return takenResult(lead, actor, named);
  const takesAway = TAKES_AWAY.includes(kind) && lead.accepted_by !== actor;
  return takesAway ? takenResult(lead, actor, named) : null;
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
export function lean(named: DecidedLead): DecidedLead {
  return { ...named, phone: null, email: null };
}

async function insertDecision(
  tx: Tx,
  lead: LeadRecord,
  context: DecisionContext,
  plan: DecisionPlan,
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

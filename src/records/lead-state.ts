import { sql, type Transaction } from 'kysely';
import type { LeadState } from '../lead/lead.ts';
import { leadFeatures } from '../lead/lead-features.ts';
import { enqueueNotice } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import { firedStops } from '../scoring/fired-stops.ts';
import { nextChangeAt } from '../scoring/next-change.ts';
import { declaredSignals, type Ruleset } from '../scoring/ruleset.ts';
import type { RecordedLead } from './assessments.ts';
import { type LeadRecord, leadFromStored } from './leads.ts';
import { signalsOf } from './signals.ts';

type Tx = Transaction<Database>;

/** Tries to score a lead before it is held where people see it. */
const SCORE_ATTEMPTS = 5;
const DISQUALIFIED = 'disqualified';

/** Those of the leads that are due for scoring, locked; a closed one never is. */
export async function lockDueLeads(tx: Tx, leadIds: readonly string[]): Promise<LeadRecord[]> {
  if (leadIds.length === 0) return [];
  const leads = await tx
    .selectFrom('leads')
    .selectAll()
    .where('id', 'in', [...leadIds])
    .where('score_due_at', 'is not', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const closed = leads.filter((lead) => lead.state === 'closed').map((lead) => lead.id);
  if (closed.length > 0) {
    await tx.updateTable('leads').set({ score_due_at: null }).where('id', 'in', closed).execute();
  }
  return leads.filter((lead) => lead.state !== 'closed');
}

/** A lead with all that its rules may read: its signals, and what is known of its company from other leads. */
export interface GatheredLead {
  lead: LeadRecord;
  features: FeatureSnapshot;
}

export async function gatherFeatures(
  tx: Tx,
  leads: readonly LeadRecord[],
  rules: Ruleset,
): Promise<GatheredLead[]> {
  const companies = await companiesOf(tx, leads);
  const ids = leads.map((lead) => lead.id);
  const signals = await signalsOf(tx, ids);
  const declared = declaredSignals(rules);
  return leads.map((lead) => {
    const profile = leadFromStored(lead.profile);
    const company = companies.get(lead.company_id ?? '');
    const known = {
      ...profile,
      industry: profile.industry ?? company?.industry ?? null,
      employees: profile.employees ?? company?.employees ?? null,
      annualRevenue: profile.annualRevenue ?? company?.annual_revenue ?? null,
    };
    return {
      lead,
      features: leadFeatures(known, signals.get(lead.id) ?? [], declared, rules.fields),
    };
  });
}

async function companiesOf(tx: Tx, leads: readonly LeadRecord[]) {
  const ids = [...new Set(leads.flatMap((lead) => lead.company_id ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('companies')
    .select(['id', 'industry', 'employees', 'annual_revenue'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export interface StatedLead extends RecordedLead {
  state: LeadState;
  /** Code of the hard stop that holds it; null: none does. */
  stop: string | null;
}

/** Where the new scores put the leads: a hard stop holds one until a manager releases it from that stop. */
export async function withStates(
  tx: Tx,
  recorded: readonly RecordedLead[],
  rules: Ruleset,
): Promise<StatedLead[]> {
  const stopped = recorded.filter(({ assessment }) => assessment.disqualified !== null);
  const released = await releasedStops(
    tx,
    stopped.map(({ lead }) => lead.id),
    rules,
  );
  return recorded.map((each) => {
    const { lead, assessment } = each;
    const mayBeHeld = lead.state === 'open' || lead.state === 'held';
    const standing = firedStops(rules, assessment).find(
      ({ id }) => !released.get(lead.id)?.has(id),
    );
    return mayBeHeld && standing !== undefined
      ? { ...each, state: 'held', stop: standing.code }
      : { ...each, state: stateWithoutStop(lead), stop: null };
  });
}

/** Writes what became of the leads: one new version of each row, which many indexes know. */
export async function settleLeads(
  tx: Tx,
  leads: readonly (StatedLead & { assignmentId?: string | null })[],
  rules: Ruleset,
  now: Date,
): Promise<void> {
  const rows = leads.map(({ lead, features, assessmentId, assignmentId, state, stop }) => ({
    id: lead.id,
    assessmentId,
    assignmentId: assignmentId ?? lead.assignment_id,
    state,
    heldReason: stop === null ? null : DISQUALIFIED,
    heldDetail: stop,
    rescoreAt: nextChangeAt(rules, features, now),
  }));
  await sql`
    update leads set assessment_id = settled."assessmentId", assignment_id = settled."assignmentId",
      score_due_at = null, rescore_at = settled."rescoreAt", score_attempts = 0, state = settled.state,
      held_reason = settled."heldReason", held_detail = settled."heldDetail", updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as settled (
      id uuid, "assessmentId" uuid, "assignmentId" uuid, state text, "heldReason" text,
      "heldDetail" text, "rescoreAt" timestamptz)
    where leads.id = settled.id
  `.execute(tx);
}

/** A lead that could be scored after all, or is no longer stopped, is open again. */
function stateWithoutStop(lead: LeadRecord): LeadState {
  return lead.state === 'held' ? 'open' : lead.state;
}

/** By lead id: the ids of the stops that were in force when a manager released it. */
async function releasedStops(
  tx: Tx,
  leadIds: readonly string[],
  rules: Ruleset,
): Promise<Map<string, Set<string>>> {
  const released = new Map<string, Set<string>>();
  if (leadIds.length === 0) return released;
  const rows = await tx
    .selectFrom('decisions')
    .innerJoin('assessments', 'assessments.id', 'decisions.assessment_id')
    .select(['decisions.lead_id', 'assessments.detail'])
    .where('decisions.lead_id', 'in', [...leadIds])
    .where('decisions.kind', '=', 'released')
    .execute();
  for (const { lead_id: leadId, detail } of rows) {
    const known = released.get(leadId) ?? [];
    released.set(leadId, new Set([...known, ...firedStops(rules, detail).map(({ id }) => id)]));
  }
  return released;
}

/** Counts a failed try; after too many the lead is held, so that nothing retries in silence for ever. */
export async function recordScoreFailure(tx: Tx, leadId: string, now: Date): Promise<boolean> {
  const lead = await tx
    .updateTable('leads')
    .set((eb) => ({ score_attempts: eb('score_attempts', '+', 1), updated_at: now }))
    .where('id', '=', leadId)
    .where('score_due_at', 'is not', null)
    .returning(['score_attempts', 'short_id', 'trace_id'])
    .executeTakeFirst();
  if (!lead || lead.score_attempts < SCORE_ATTEMPTS) return false;
  await tx
    .updateTable('leads')
    .set({
      state: 'held',
      held_reason: 'cannot-be-scored',
      held_detail: `failed ${SCORE_ATTEMPTS} times; see the log for its id`,
      score_due_at: null,
      rescore_at: null,
    })
    .where('id', '=', leadId)
    .where('state', 'in', ['open', 'held'])
    .execute();
  await enqueueNotice(tx, {
    userId: 'admins',
    noticeKind: 'lead-held',
    subject: leadId,
    ids: { shortId: lead.short_id },
    traceId: lead.trace_id,
    now,
  });
  return true;
}

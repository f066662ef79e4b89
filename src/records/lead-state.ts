import type { Transaction } from 'kysely';
import type { LeadState } from '../lead/lead.ts';
import { leadFeatures } from '../lead/lead-features.ts';
import { enqueueNotice } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Assessment } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import { declaredSignals, type Ruleset } from '../scoring/ruleset.ts';
import { type LeadRecord, leadFromStored } from './leads.ts';
import { signalsOf } from './signals.ts';

type Tx = Transaction<Database>;

/** Tries to score a lead before it is held where people see it. */
const SCORE_ATTEMPTS = 5;
const DISQUALIFIED = 'disqualified';

/** The lead, locked, when it is due for scoring; a closed one never is. */
export async function lockDueLead(tx: Tx, leadId: string): Promise<LeadRecord | null> {
  const lead = await tx
    .selectFrom('leads')
    .selectAll()
    .where('id', '=', leadId)
    .where('score_due_at', 'is not', null)
    .forUpdate()
    .executeTakeFirst();
  if (!lead) return null;
  if (lead.state !== 'closed') return lead;
  await tx.updateTable('leads').set({ score_due_at: null }).where('id', '=', leadId).execute();
  return null;
}

/** What the rules may read: the lead, its signals, and what is known of its company from other leads. */
export async function gatherFeatures(
  tx: Tx,
  lead: LeadRecord,
  rules: Ruleset,
): Promise<FeatureSnapshot> {
  const profile = leadFromStored(lead.profile);
  const company =
    lead.company_id === null
      ? undefined
      : await tx
          .selectFrom('companies')
          .select(['industry', 'employees', 'annual_revenue'])
          .where('id', '=', lead.company_id)
          .executeTakeFirst();
  const known = {
    ...profile,
    industry: profile.industry ?? company?.industry ?? null,
    employees: profile.employees ?? company?.employees ?? null,
    annualRevenue: profile.annualRevenue ?? company?.annual_revenue ?? null,
  };
  return leadFeatures(known, await signalsOf(tx, lead.id), declaredSignals(rules));
}

/** Stores the present assessment and moves the lead: a hard stop holds it until a manager releases it. */
export async function settleLead(
  tx: Tx,
  lead: LeadRecord,
  scored: { assessmentId: string; assessment: Assessment },
  now: Date,
): Promise<LeadState> {
  const stop = scored.assessment.disqualified;
  const held =
    stop !== null &&
    (lead.state === 'open' || lead.state === 'held') &&
    !(await isReleased(tx, lead));
  const state = held ? 'held' : stateWithoutStop(lead);
  await tx
    .updateTable('leads')
    .set({
      assessment_id: scored.assessmentId,
      score_due_at: null,
      score_attempts: 0,
      state,
      held_reason: held ? DISQUALIFIED : state === 'held' ? lead.held_reason : null,
      held_detail: held ? (stop?.code ?? null) : state === 'held' ? lead.held_detail : null,
      updated_at: now,
    })
    .where('id', '=', lead.id)
    .execute();
  return state;
}

/** A lead that could be scored after all, or is no longer stopped, is open again. */
function stateWithoutStop(lead: LeadRecord): LeadState {
  return lead.state === 'held' ? 'open' : lead.state;
}

async function isReleased(tx: Tx, lead: LeadRecord): Promise<boolean> {
  const released = await tx
    .selectFrom('decisions')
    .select('id')
    .where('lead_id', '=', lead.id)
    .where('kind', '=', 'released')
    .limit(1)
    .executeTakeFirst();
  return released !== undefined;
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

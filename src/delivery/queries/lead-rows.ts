import type { Kysely } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { Reason } from '../../scoring/assessment.ts';
import type { LeadRow } from '../views.ts';

type Db = Kysely<Database>;

/** Leads with their present score and assignment; ids that have no score yet are left out. */
export function selectLeads(db: Db) {
  return db
    .selectFrom('leads')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .leftJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select([
      'leads.id',
      'leads.short_id',
      'leads.profile',
      'leads.state',
      'leads.override_tier',
      'leads.accepted_by',
      'leads.received_at',
      'leads.crm_id',
      'assessments.tier',
      'assessments.points',
      'assessments.detail',
      'assignments.rep_user_id',
      'assignments.sla_due_at',
      'assignments.channel_id',
    ]);
}

export type SelectedLead = Awaited<
  ReturnType<ReturnType<typeof selectLeads>['executeTakeFirstOrThrow']>
>;

/** The line that explains most of the score, for or against. */
export function strongestReason(
  reasons: readonly Reason[],
): { points: number; text: string } | null {
  let strongest: Reason | null = null;
  for (const reason of reasons) {
    if (reason.kind !== 'rule' || reason.text === '') continue;
    if (strongest === null || Math.abs(reason.points) > Math.abs(strongest.points)) {
      strongest = reason;
    }
  }
  return strongest && { points: strongest.points, text: strongest.text };
}

export function leadRow(
  row: SelectedLead,
  crmUrl: (crmId: string | null) => string | null,
): LeadRow {
  const { profile, detail } = row;
  const name = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
  return {
    leadId: row.id,
    shortId: row.short_id,
    personName: name === '' ? null : name,
    title: profile.title,
    company: profile.company,
    asked: profile.message,
    tier: row.tier,
    effectiveTier: row.override_tier ?? row.tier,
    points: row.points,
    fitPoints: detail.fitPoints,
    intentPoints: detail.intentPoints,
    range: detail.range,
    possibleTiers: detail.possibleTiers,
    slaDueAt: row.sla_due_at,
    receivedAt: row.received_at,
    rep: row.accepted_by ?? row.rep_user_id,
    state: row.state,
    why: strongestReason(detail.reasons),
    missingCount: detail.missing.length,
    crmUrl: crmUrl(row.crm_id),
  };
}

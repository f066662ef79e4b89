import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { Assessment } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import type { LeadRecord } from './leads.ts';

type Tx = Transaction<Database>;

/** Equal hashes: a person would see the same score, why and range, from the same rules. */
export function resultHash(assessment: Assessment): string {
  const { scoredAt: _, ...seen } = assessment;
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
}

/** Writes an assessment only when its result differs from the lead's present one. */
export async function recordAssessment(
  tx: Tx,
  lead: Pick<LeadRecord, 'id' | 'assessment_id' | 'trace_id'>,
  assessment: Assessment,
  features: FeatureSnapshot,
): Promise<{ assessmentId: string; changed: boolean }> {
  const hash = resultHash(assessment);
  if (lead.assessment_id !== null) {
    const present = await tx
      .selectFrom('assessments')
      .select('result_hash')
      .where('id', '=', lead.assessment_id)
      .executeTakeFirstOrThrow();
    if (present.result_hash === hash) {
      return { assessmentId: lead.assessment_id, changed: false };
    }
  }
  const row = await tx
    .insertInto('assessments')
    .values({
      lead_id: lead.id,
      ruleset_version: assessment.rulesetVersion,
      ruleset_hash: assessment.rulesetHash,
      engine_version: assessment.engineVersion,
      scored_at: new Date(assessment.scoredAt),
      points: assessment.points,
      fit_points: assessment.fitPoints,
      intent_points: assessment.intentPoints,
      range_min: assessment.range.min,
      range_max: assessment.range.max,
      range_approximate: assessment.range.approximate,
      tier: assessment.tier,
      disqualified_code: assessment.disqualified?.code ?? null,
      detail: JSON.stringify(assessment),
      features: JSON.stringify(features),
      result_hash: hash,
      trace_id: lead.trace_id,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { assessmentId: row.id, changed: true };
}

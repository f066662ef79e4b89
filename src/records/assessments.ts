import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { Assessment, Tier } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import type { LeadRecord } from './leads.ts';

type Tx = Transaction<Database>;

/**
 * Equal hashes: a person would see the same score, why and range, from the same rules. A day more of age that
 * takes no point away is nothing new.
 */
export function resultHash(assessment: Assessment): string {
  const { scoredAt: _, reasons, ...seen } = assessment;
  const lines = reasons.map((line) => (line.kind === 'decay' ? { ...line, text: '' } : line));
  return createHash('sha256')
    .update(JSON.stringify({ ...seen, lines }))
    .digest('hex');
}

export interface AssessedLead {
  lead: LeadRecord;
  features: FeatureSnapshot;
  assessment: Assessment;
}

export interface RecordedLead extends AssessedLead {
  assessmentId: string;
  /** False: a person would see the same as before, so nothing was written. */
  changed: boolean;
  /** By the rules, before this scoring; null for the first. */
  tierBefore: Tier | null;
}

/** Writes an assessment only when its result differs from the lead's present one. */
export async function recordAssessments(
  tx: Tx,
  assessed: readonly AssessedLead[],
): Promise<RecordedLead[]> {
  const present = await presentResults(tx, assessed);
  const rows = assessed.map((each) => ({ ...each, hash: resultHash(each.assessment) }));
  const changed = rows.filter(
    ({ lead, hash }) => present.get(lead.assessment_id ?? '')?.hash !== hash,
  );
  const ids = await insertAssessments(tx, changed);
  return assessed.map((each) => {
    const written = ids.get(each.lead.id);
    const assessmentId = written ?? each.lead.assessment_id;
    if (assessmentId === null) throw new RangeError('an assessment was neither written nor known');
    const tierBefore = present.get(each.lead.assessment_id ?? '')?.tier ?? null;
    return { ...each, assessmentId, changed: written !== undefined, tierBefore };
  });
}

async function presentResults(
  tx: Tx,
  assessed: readonly AssessedLead[],
): Promise<Map<string, { hash: string; tier: Tier }>> {
  const ids = assessed.flatMap(({ lead }) => lead.assessment_id ?? []);
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('assessments')
    .select(['id', 'result_hash', 'tier'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, { hash: row.result_hash, tier: row.tier }]));
}

/** By lead id. */
async function insertAssessments(
  tx: Tx,
  changed: readonly (AssessedLead & { hash: string })[],
): Promise<Map<string, string>> {
  if (changed.length === 0) return new Map();
  const rows = await tx
    .insertInto('assessments')
    .values(
      changed.map(({ lead, assessment, features, hash }) => ({
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
      })),
    )
    .returning(['id', 'lead_id'])
    .execute();
  return new Map(rows.map((row) => [row.lead_id, row.id]));
}

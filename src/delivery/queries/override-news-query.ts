import type { Kysely } from 'kysely';
import type { EffectPayload } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { OverrideNewsView } from '../views.ts';

/** Null when it is no news any more: the override is gone, or the rules have changed their mind again. */
export async function readOverrideNews(
  db: Kysely<Database>,
  { leadId = '', assessmentId = '', beforeId = '', toTier }: EffectPayload,
): Promise<OverrideNewsView | null> {
  const lead = await db
    .selectFrom('leads')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .select(['leads.short_id', 'leads.override_tier', 'leads.closed_reason', 'assessments.tier'])
    .where('leads.id', '=', leadId)
    .executeTakeFirst();
  const rows = await db
    .selectFrom('assessments')
    .select(['id', 'detail'])
    .where('id', 'in', [assessmentId, beforeId])
    .execute();
  const before = rows.find((row) => row.id === beforeId)?.detail;
  const after = rows.find((row) => row.id === assessmentId)?.detail;
  if (!lead || !before || !after || lead.override_tier === null) return null;
  if (lead.override_tier !== toTier || lead.tier !== after.tier || lead.closed_reason !== null) {
    return null;
  }
  return { leadId, shortId: lead.short_id, toTier: lead.override_tier, before, after };
}

import type { Kysely } from 'kysely';
import { OUTCOMES, type Outcome } from '../../lead/crm-outcome.ts';
import type { EffectPayload } from '../../platform/outbox.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { Tier } from '../../scoring/assessment.ts';

/** What came of a lead that somebody overrode. */
export interface OverrideOutcomeView {
  leadId: string;
  shortId: string;
  /** Null: they took it off the board. */
  toTier: Tier | null;
  /** What the rules said when they decided; null when that is not known. */
  ruleTier: Tier | null;
  outcome: Outcome;
}

/** Null when it is no news any more: the override was undone. */
export async function readOverrideOutcome(
  db: Kysely<Database>,
  { leadId = '', decisionId = '', outcome }: EffectPayload,
): Promise<OverrideOutcomeView | null> {
  const kind = OUTCOMES.find((each) => each === outcome);
  const row = await db
    .selectFrom('decisions')
    .innerJoin('leads', 'leads.id', 'decisions.lead_id')
    .leftJoin('assessments', 'assessments.id', 'decisions.assessment_id')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select(['leads.short_id', 'decisions.to_tier', 'assessments.tier'])
    .where('decisions.id', '=', decisionId)
    .where('undo.id', 'is', null)
    .executeTakeFirst();
  if (!row || kind === undefined) return null;
  const toTier = Tier.safeParse(row.to_tier).data ?? null;
  return { leadId, shortId: row.short_id, toTier, ruleTier: row.tier, outcome: kind };
}

import { readOverrideInForce } from '../records/override-in-force.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { Tier } from '../scoring/assessment.ts';
import { lean } from './decide.ts';
import type { Tx } from './decision-records.ts';
import type { DecidedLead, OverrideInput, StaleResult } from './ledger.ts';

/** Null: the lead stands as it was shown. An override that the person did not see is not replaced unseen. */
export async function changedSince(
  tx: Tx,
  named: DecidedLead,
  { toTier, shown }: OverrideInput,
): Promise<StaleResult | null> {
  const lead = lean(named);
  const standing = await readOverrideInForce(tx, lead.leadId);
  if (shown.overrideId !== undefined && standing !== null && standing.id !== shown.overrideId) {
    const { by, at, toTier: to } = standing;
    return { kind: 'stale', because: 'overridden', by, at, toTier: to, lead };
  }
  // Whether anybody should call it does not hang on its tier.
  if (toTier === null || shown.tier === undefined || shown.tier === lead.effectiveTier) return null;
  return { kind: 'stale', because: 'tier_changed', lead };
}

/** Lines that are offered as wrong: those that stand for a rule of their own. */
const BLAMABLE: ReadonlySet<string> = new Set(['rule', 'tier']);

/**
 * Null when it may be recorded. `rules_changed`: the lead is scored by other rules than those that the person
 * saw, or its reason is not one of the live rules any more. `not_offered`: no form of ours offers that.
 */
export async function checkOverride(
  tx: Tx,
  rulesets: Pick<Rulesets, 'live'>,
  lead: { id: string; assessment_id: string | null },
  input: OverrideInput,
): Promise<'rules_changed' | 'not_offered' | null> {
  const offered = await offeredBy(tx, lead, input.shown.scoredAt);
  if (offered === null) return 'not_offered';
  const { model, version } = await rulesets.live(tx);
  if (offered.rulesetVersion !== input.shown.rulesetVersion) return 'rules_changed';
  if (input.toTier !== null && !Tier.safeParse(input.toTier).success) return 'not_offered';
  const codes = input.toTier === null ? model.disqualify_reasons : model.override_reasons;
  if (!codes.some(({ code }) => code === input.reasonCode)) {
    return version === input.shown.rulesetVersion ? 'not_offered' : 'rules_changed';
  }
  return input.blamedRules.every((id) => offered.lines.has(id)) ? null : 'not_offered';
}

/** Lines of the present score and of the one that was shown: a score may change while the form is open. */
async function offeredBy(
  tx: Tx,
  lead: { id: string; assessment_id: string | null },
  scoredAt: string,
): Promise<{ rulesetVersion: number; lines: ReadonlySet<string> } | null> {
  if (lead.assessment_id === null) return null;
  const assessments = await tx
    .selectFrom('assessments')
    .select(['id', 'ruleset_version', 'detail'])
    .where('lead_id', '=', lead.id)
    .where((eb) =>
      eb.or([eb('id', '=', lead.assessment_id), eb('scored_at', '=', new Date(scoredAt))]),
    )
    .execute();
  const present = assessments.find(({ id }) => id === lead.assessment_id);
  if (present === undefined) return null;
  const reasons = assessments.flatMap(({ detail }) => detail.reasons);
  const lines = reasons.filter(({ kind }) => BLAMABLE.has(kind)).map(({ ruleId }) => ruleId);
  return { rulesetVersion: present.ruleset_version, lines: new Set(lines) };
}

import { deepEqual, equal } from 'node:assert/strict';
import type { Reason } from '../../src/scoring/assessment.ts';
import type { Ruleset } from '../../src/scoring/compile-ruleset.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { scoreKnown } from '../../src/scoring/score-known.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { celPeer } from './cel-peer.ts';
import type { PeerScore } from './fired-rules.ts';
import { scoreByHand } from './handwritten.ts';
import { NOW } from './leads.ts';
import { jsonLogicPeer, jsonRulesPeer } from './peers.ts';

/**
 * Throws unless all give the same scores and fired rules, those that are asked for them the same unknown rules, and
 * the hand-written one the same lines too.
 */
export async function checkAgreement(
  ruleset: Ruleset,
  leads: readonly FeatureSnapshot[],
): Promise<void> {
  const now = NOW.getTime();
  const ours = leads.map((lead) => scoreLead(ruleset, lead, NOW));
  leads.forEach((lead, index) => {
    const full = ours[index];
    const hand = scoreByHand(lead, now);
    const { points, fitPoints, intentPoints, tier, disqualified, reasons } = hand;
    const known = scoreKnown(ruleset, lead, NOW);
    deepEqual(known.reasons.map(withoutWords), reasons.map(withoutWords));
    deepEqual(full?.reasons, known.reasons);
    deepEqual(
      [full?.points, full?.fitPoints, full?.intentPoints, full?.tier, full?.disqualified?.code],
      [points, fitPoints, intentPoints, tier, disqualified ?? undefined],
    );
    equal(known.points, points);
    for (const reason of reasons) equal(reason.text === '', false);
  });
  const fired = leads.map((lead) => firedRules(ruleset, lead));
  const asked = { unknown: true };
  const peers = [jsonLogicPeer(), celPeer(), jsonRulesPeer()];
  for (const peer of [...peers, jsonLogicPeer(asked), jsonRulesPeer(asked)]) {
    const scores: PeerScore[] = [];
    await peer(leads, now, (score) => scores.push(score));
    equal(scores.length, leads.length);
    scores.forEach((score, index) => {
      const full = ours[index];
      equal(score.points, full?.points);
      deepEqual(score.fired?.toSorted(), fired[index]);
      if (score.unknown) deepEqual(score.unknown.toSorted(), unknownRules(full?.reasons ?? []));
    });
  }
}

/** Names of fields and sentences are a matter of wording. */
function withoutWords({ kind, ruleId, axis, points, fields }: Reason) {
  return { kind, ruleId, axis, points, values: fields.map(({ value }) => value) };
}

function unknownRules(reasons: readonly Reason[]): string[] {
  return reasons.flatMap(({ kind, ruleId }) => (kind === 'unknown' ? [ruleId] : [])).toSorted();
}

function firedRules(ruleset: Ruleset, lead: FeatureSnapshot): string[] {
  const { outcomes, bounds, stops } = ruleset.judge.judgeLead(lead, NOW);
  const rules = [...ruleset.rules, ...ruleset.bounds, ...ruleset.stops];
  const answers = [...outcomes, ...bounds, ...stops];
  return rules.flatMap(({ id }, index) => (answers[index] === true ? [id] : [])).toSorted();
}

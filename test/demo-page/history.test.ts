import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createHistory, type HistoryLead } from '../../demo/sample/history.ts';
import { ARCHETYPES } from '../../demo/sample/history-archetypes.ts';
import { SAMPLE_EVENTS } from '../../demo/sample/play-samples.ts';
import { overrideRateByRule } from '../../src/evaluation/override-rates.ts';
import { loadMailDomains } from '../../src/intake/load-mail-domains.ts';
import { leadFeatures } from '../../src/lead/lead-features.ts';
import { normaliseLead } from '../../src/lead/normalise-lead.ts';
import { readRulesFolder } from '../../src/records/rules-folder.ts';
import type { Assessment } from '../../src/scoring/assessment.ts';
import { compileRuleset, type Ruleset } from '../../src/scoring/compile-ruleset.ts';
import { declaredSignals } from '../../src/scoring/ruleset.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';

const NOW = new Date('2026-11-20T15:00:00Z');
const SEED = 7;
const mailDomains = loadMailDomains();

async function shippedRules(): Promise<Ruleset> {
  const folder = fileURLToPath(new URL('../../scoring-rules/', import.meta.url));
  const compiled = compileRuleset(await readRulesFolder(folder), { version: 1, hash: 'shipped' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled));
  return compiled.ruleset;
}

function assess(ruleset: Ruleset, one: HistoryLead): Assessment {
  const normalised = normaliseLead(one.lead, one.source, one.receivedAt, mailDomains);
  if (!normalised.ok) throw new Error(`${one.lead.externalId} is held: ${normalised.detail}`);
  const features = leadFeatures(normalised.lead, one.signals, declaredSignals(ruleset));
  return scoreLead(ruleset, features, one.receivedAt);
}

describe('thirty days of sample history', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(createHistory(SEED, NOW)).toEqual(createHistory(SEED, NOW));
    expect(createHistory(SEED + 1, NOW)).not.toEqual(createHistory(SEED, NOW));
  });

  it('lies in the thirty days before now, each lead with its signals before and decisions after', () => {
    for (const { receivedAt, signals, decisions } of createHistory(SEED, NOW)) {
      const times = [
        NOW.getTime() - 30 * 86_400_000,
        receivedAt.getTime(),
        ...decisions.map(({ at }) => at.getTime()),
        NOW.getTime(),
      ];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(decisions.length).toBeGreaterThan(0);
      for (const { occurredAt } of signals) expect(occurredAt < receivedAt).toBe(true);
    }
  });

  it('has leads of the tier that its archetypes name, and overrides to another one', async () => {
    const ruleset = await shippedRules();
    const counts = { A: 0, B: 0, C: 0, D: 0 };
    for (const one of createHistory(SEED, NOW)) {
      const { tier } = assess(ruleset, one);
      counts[tier] += 1;
      const archetype = ARCHETYPES.find(({ fields }) => fields.message === one.lead.message);
      expect([archetype?.name, tier]).toEqual([archetype?.name, archetype?.tier]);
      for (const { toTier } of one.decisions) expect(toTier).not.toBe(tier);
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(15);
  });

  it('makes the report point at one rule', async () => {
    const ruleset = await shippedRules();
    const judged = createHistory(SEED, NOW).map((one) => {
      const { tier, reasons } = assess(ruleset, one);
      const final = one.decisions.at(-1);
      const firedRules = reasons.filter(({ kind }) => kind === 'rule').map(({ ruleId }) => ruleId);
      const overridden = final?.kind !== 'accepted';
      const blamedRules = final?.blamedRules ?? [];
      return { assessmentId: one.lead.externalId, tier, overridden, firedRules, blamedRules };
    });
    const share = judged.filter(({ overridden }) => overridden).length / judged.length;
    expect(share).toBeGreaterThan(0.13);
    expect(share).toBeLessThan(0.23);
    const [first, second] = overrideRateByRule(judged);
    expect(first?.ruleId).toBe('intent.pricing-page');
    expect(first?.blamed.rate).toBeGreaterThan(0.4);
    expect(second?.blamed.rate ?? 0).toBeLessThan(0.1);
  });
});

describe('the sample events', () => {
  it('hold nothing but made-up domains', () => {
    const text = JSON.stringify(SAMPLE_EVENTS);
    const domains = [...text.matchAll(/@([a-z0-9.-]+\.[a-z]+)/gi)].map((match) => match[1]);
    expect(domains.length).toBeGreaterThan(40);
    const strangers = domains.filter((domain) => !/\.example$/i.test(domain ?? ''));
    // A Gmail address cannot hold an underscore, and this one does: a free address that is nobody's.
    expect(strangers).toEqual(['gmail.com']);
    expect(text).toContain('jo_sample_lead@gmail.com');
  });

  it('come in a few dozen, with ids of their own', () => {
    const leads = SAMPLE_EVENTS.filter(({ via }) => via !== 'signal');
    expect(leads.length).toBeGreaterThan(35);
    const ids = SAMPLE_EVENTS.flatMap((event) =>
      event.via === 'website' ? [event.lead.id] : event.via === 'signal' ? [event.id] : [],
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS } from '../../src/scoring/assessment.ts';
import type { FeatureSnapshot, FeatureValue } from '../../src/scoring/features.ts';
import { type NearMiss, nearMisses } from '../../src/scoring/near-misses.ts';
import { withChange } from '../../src/scoring/possible-changes.ts';
import type { Ruleset } from '../../src/scoring/ruleset.ts';
import { scoreLead, scoreTier } from '../../src/scoring/score-lead.ts';
import {
  type ArbitraryPack,
  arbitraryPack,
  arbitrarySnapshot,
  NOW,
  oddAtom,
  POOLS,
  packFiles,
  simpleAtom,
} from '../support/arbitrary-rules.ts';
import { compileFiles } from '../support/compile-files.ts';
import { propertyEffort } from '../support/effort.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';
import { watchCpu } from '../support/watch-cpu.ts';

const seedRules = compileFiles(seedFiles());
const textsOf = (snapshot: FeatureSnapshot) =>
  nearMisses(seedRules, snapshot, NOW).map((miss) => miss.text);

function ago(days: number): string {
  return new Date(NOW.getTime() - days * 86_400_000).toISOString();
}

const almostB = {
  'company.employees': 180,
  'lead.seniority': 'vp',
  'lead.function': 'sales',
  'lead.email_kind': 'free',
  'lead.email_domain': 'mail.example',
  'company.domain': 'acme.example',
  'company.industry': 'Mining',
  'lead.country': 'BR',
  'lead.topics': ['pricing'],
  'lead.has_phone': false,
};
const work = { 'lead.email_kind': 'work', 'lead.email_domain': 'acme.example' };

describe('what would lift a tier, in words', () => {
  it('is what people can still give or do; facts that are known are not listed', () => {
    expect(textsOf(sampleSnapshot(almostB))).toEqual([
      'A work address at acme.example would make it B',
      'Asking about a demo as well would make it B',
      'Demo requested once would make it B',
    ]);
  });

  it('names the least number, with the present one', () => {
    const lead = { ...almostB, ...work, 'lead.topics': ['timeline'] };
    const [first] = nearMisses(seedRules, sampleSnapshot(lead), NOW);
    expect(first).toEqual({
      from: 'employees',
      kind: 'known',
      changes: [{ fields: { 'company.employees': 200 }, signals: null }],
      tier: 'B',
      text: '200 employees (now 180) would make it B',
    });
    expect(
      scoreLead(seedRules, sampleSnapshot({ ...lead, 'company.employees': 199 }), NOW),
    ).toMatchObject({ tier: 'C' });
  });

  it('names what a missing value would have to be', () => {
    const noSize = sampleSnapshot({ ...almostB, 'company.employees': null });
    expect(textsOf(noSize)).toEqual(['1,000 or more employees would make it B']);
    const noTitle = sampleSnapshot({ ...almostB, 'lead.seniority': null, 'lead.function': null });
    expect(textsOf(noTitle)[0]).toBe('Seniority C-level, VP or director would make it C');
  });

  it('promises the least of what several values would bring', () => {
    const lead = {
      ...work,
      'company.domain': 'acme.example',
      'company.industry': 'Mining',
      'lead.country': 'BR',
      'lead.seniority': 'vp',
      'lead.function': 'legal',
      'lead.topics': ['demo', 'timeline'],
      'company.employees': null,
    };
    const [first] = nearMisses(seedRules, sampleSnapshot(lead), NOW);
    expect(first).toMatchObject({
      tier: 'B',
      text: '20 or more employees would make it at least B',
    });
    const large = sampleSnapshot({ ...lead, 'company.employees': 1000 });
    expect(scoreLead(seedRules, large, NOW).tier).toBe('A');
  });

  it('counts the signals that are not there yet', () => {
    const lead = {
      ...almostB,
      ...work,
      'company.employees': 450,
      'lead.topics': ['pricing', 'demo'],
    };
    const seen = { kind: 'pricing_viewed', occurredAt: ago(2) };
    const fit = {
      ...lead,
      'company.industry': 'Logistics',
      'lead.country': 'DE',
      'lead.topics': ['timeline'],
    };
    const snapshot = { ...sampleSnapshot(fit, [seen]), declaredSignals: ['pricing_viewed'] };
    expect(textsOf(snapshot)).toEqual([
      'Asking about a demo or pricing as well would make it A',
      'Pricing viewed 2 more times would make it A',
    ]);
  });

  it('is nothing for tier A, and nothing where one change is not enough', () => {
    const far = { 'company.employees': 3, 'lead.seniority': 'staff', 'lead.function': 'legal' };
    expect(textsOf(sampleSnapshot({ ...almostB, ...far, 'lead.topics': [] }))).toEqual([]);
    const best = { ...almostB, ...work, 'company.employees': 5000, 'lead.country': 'DE' };
    const lead = sampleSnapshot({ ...best, 'lead.topics': ['demo', 'pricing'] });
    expect(scoreLead(seedRules, lead, NOW).tier).toBe('A');
    expect(textsOf(lead)).toEqual([]);
  });

  it('says that a hard stop would go', () => {
    expect(textsOf(sampleSnapshot({ ...almostB, 'lead.topics': ['vendor_pitch'] }))).toEqual([
      'Asking about a demo as well would make it C',
    ]);
  });

  it('stays on its line and ends in time, whatever the lead and however many the rules', () => {
    const files = seedFiles();
    const many = Array.from({ length: 1900 }, (_, index) => ({
      id: `fit.many.r${index}`,
      axis: 'fit',
      when: `company.industry == "Sample ${index}"`,
      points: 1,
    }));
    const fit = JSON.stringify({ rules: many });
    const ruleset = compileFiles({ ...files, 'fit.yml': fit, 'fit.test.yml': 'tests: []' });
    const hostile = 'a.example\u202e\nTier A';
    const lead = { ...almostB, 'company.domain': hostile, 'company.industry': null };
    const spentMs = watchCpu();
    for (const { text } of nearMisses(ruleset, sampleSnapshot(lead), NOW)) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    // Generous: without its bound it would score two thousand times two thousand rules.
    expect(spentMs()).toBeLessThan(10_000);
  });
});

describe('a near miss', { timeout: 900_000 }, () => {
  const anyAtom = fc.oneof({ weight: 3, arbitrary: simpleAtom }, { weight: 1, arbitrary: oddAtom });

  it('lifts the tier, each of its changes by itself, as far as it says', () => {
    let seen = 0;
    fc.assert(
      fc.property(arbitraryPack(anyAtom), manyLeads(), (pack, snapshots) => {
        const ruleset = compileFiles(packFiles(pack));
        for (const snapshot of snapshots) {
          const base = tierIndexOf(ruleset, snapshot);
          expect(TIERS.indexOf(scoreTier(ruleset, snapshot, NOW))).toBe(base);
          const misses = nearMisses(ruleset, snapshot, NOW);
          expect(misses.length).toBeLessThanOrEqual(3);
          for (const { changes, tier, text } of misses) {
            seen++;
            const tiers = changes.map((one) =>
              tierIndexOf(ruleset, withChange(snapshot, one, NOW)),
            );
            expect(Math.max(...tiers)).toBe(TIERS.indexOf(tier));
            expect(TIERS.indexOf(tier)).toBeLessThan(base);
            expect(text).toMatch(/^\S.* would make it (at least )?[ABC]$/);
          }
          expect(nearMisses(ruleset, snapshot, NOW)).toEqual(misses);
        }
      }),
      propertyEffort(30, 1_000),
    );
    expect(seen).toBeGreaterThan(30);
  });

  it('is overlooked by nobody: where none is given, no single change lifts', () => {
    fc.assert(
      fc.property(arbitraryPack(simpleAtom), manyLeads(), (pack, snapshots) => {
        const ruleset = compileFiles(packFiles(pack));
        for (const snapshot of snapshots) {
          const base = tierIndexOf(ruleset, snapshot);
          const misses = nearMisses(ruleset, snapshot, NOW);
          for (const miss of misses) expectLeast(ruleset, snapshot, base, miss);
          if (misses.length === 3) continue;
          const given = misses.map((miss) => miss.from);
          for (const { from, changed } of allChanges(pack, snapshot)) {
            if (given.includes(from)) continue;
            const tier = tierIndexOf(ruleset, changed);
            expect({ from, changed: changed.fields, lifts: tier < base }).toMatchObject({
              lifts: false,
            });
          }
        }
      }),
      propertyEffort(30, 1_000),
    );
  });
});

/** Of a number of signals, and of a company's size, it is the least change that lifts; above an amount there is no least. */
function expectLeast(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  base: number,
  { kind, changes: [first] }: NearMiss,
): void {
  const signals = first?.signals ?? null;
  for (let count = 1; count < (signals?.count ?? 0); count++) {
    const fewer = { fields: {}, signals: { kind: signals?.kind ?? '', count } };
    expect(tierIndexOf(ruleset, withChange(snapshot, fewer, NOW))).toBeGreaterThanOrEqual(base);
  }
  const [name = '', value] = Object.entries(first?.fields ?? {})[0] ?? [];
  const present = snapshot.fields[name];
  if (kind !== 'known' || name !== 'company.employees') return;
  if (typeof value !== 'number' || typeof present !== 'number') return;
  for (const other of POOLS[name] ?? []) {
    if (typeof other !== 'number' || other < 0) continue;
    if (Math.abs(other - present) >= Math.abs(value - present)) continue;
    const changed = { ...snapshot, fields: { ...snapshot.fields, [name]: other } };
    expect(tierIndexOf(ruleset, changed)).toBeGreaterThanOrEqual(base);
  }
}

function manyLeads() {
  return fc.array(arbitrarySnapshot(3), { minLength: 4, maxLength: 4 });
}

function tierIndexOf(ruleset: Ruleset, snapshot: FeatureSnapshot): number {
  return TIERS.indexOf(scoreLead(ruleset, snapshot, NOW).tier);
}

interface Changed {
  from: string;
  changed: FeatureSnapshot;
}

/** By brute force, from the pools and not from the rules. */
function allChanges(pack: ArbitraryPack, snapshot: FeatureSnapshot): Changed[] {
  const { fields } = snapshot;
  const text = JSON.stringify(packFiles(pack));
  const all: Changed[] = [];
  const add = (from: string, over: Record<string, FeatureValue>) =>
    all.push({ from, changed: { ...snapshot, fields: { ...fields, ...over } } });
  const froms = {
    'lead.seniority': 'title',
    'lead.country': 'country',
    'lead.opted_out': 'opted_out',
    'company.employees': 'employees',
    'company.annual_revenue': 'annual_revenue',
    'lead.has_phone': 'phone',
  };
  for (const [name, from] of Object.entries(froms)) {
    if (!text.includes(name)) continue;
    const isEstimate = from === 'employees' || from === 'annual_revenue';
    if ((fields[name] ?? null) !== null && !isEstimate && fields[name] !== false) continue;
    if (from === 'opted_out' && fields[name] === false) continue;
    for (const value of POOLS[name] ?? []) {
      if (typeof value !== 'number' || value >= 0) add(from, { [name]: value });
    }
  }
  const topics = fields['lead.topics'];
  const before = Array.isArray(topics) ? topics : [];
  for (const topic of ['demo', 'pricing', 'jobs', 'trial']) {
    add('message', { 'lead.topics': [...before, topic] });
  }
  if (!Array.isArray(topics)) add('message', { 'lead.topics': [] });
  const kind = fields['lead.email_kind'] ?? null;
  const isRead = text.includes('lead.email_kind') || text.includes('lead.email_domain');
  if (kind !== 'work' && isRead) {
    add('email', { 'lead.email_kind': 'work', 'lead.email_domain': 'elsewhere.example' });
  }
  if (kind === null && isRead) {
    add('email', { 'lead.email_kind': 'free', 'lead.email_domain': 'elsewhere.example' });
    add('email', { 'lead.email_kind': 'work', 'lead.email_domain': 'rival.example' });
  }
  for (const one of snapshot.declaredSignals) {
    for (let count = 1; count <= 20; count++) {
      const signals = { kind: one, count };
      const changed = withChange(snapshot, { fields: {}, signals }, NOW);
      all.push({ from: `signal:${one}`, changed });
    }
  }
  return all;
}

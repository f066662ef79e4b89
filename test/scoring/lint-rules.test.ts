import { describe, expect, it } from 'vitest';
import { edited, told } from '../support/told-problems.ts';

/** Buckets of one `first` group, from line 5 on. */
function buckets(...rules: { when: string; expires?: string }[]): string[] {
  const lines = rules.map(({ when, expires }, index) => {
    const until = expires === undefined ? '' : `, expires: ${expires}`;
    return `  - { id: r${index}, axis: fit, group: g, when: ${when}, points: 5${until} }\n`;
  });
  return told({ 'fit.yml': `groups:\n  - { id: g, pick: first }\nrules:\n${lines.join('')}` });
}

describe('buckets', () => {
  const wide = { when: 'company.employees >= 100' };
  const narrow = { when: 'company.employees >= 200' };
  const shadowed = [
    'fit.yml:5:42 "r1" never counts: the rules before it take all of its values | Put the narrower bucket first.',
  ];

  it('are told where an earlier one takes all', () => {
    expect(buckets(wide, narrow)).toEqual(shadowed);
    expect(buckets(narrow, wide)).toEqual([]);
  });

  it('are not held back by one that expires before them', () => {
    expect(buckets({ ...wide, expires: '2024-12-31' }, narrow)).toEqual([]);
    expect(
      buckets({ ...wide, expires: '2024-12-31' }, { ...narrow, expires: '2025-12-31' }),
    ).toEqual([]);
    expect(
      buckets({ ...wide, expires: '2025-12-31' }, { ...narrow, expires: '2024-12-31' }),
    ).toEqual(shadowed);
  });

  it('overlap only with those that last as long', () => {
    const low = { when: 'company.employees > 10 && company.employees < 100' };
    const high = { when: 'company.employees > 50 && company.employees < 200' };
    expect(buckets(low, high)).toEqual([
      'fit.yml:5:42 "r1" and "r0" overlap at company.employees = 51 | "r0" comes first and counts there.',
    ]);
    expect(buckets({ ...low, expires: '2024-12-31' }, high)).toEqual([]);
  });
});

describe('a tier', () => {
  const tiers = (a: string, b: string, disqualify: object = {}) => {
    const { 'model.yml': model = '' } = edited('model.yml', 'points: 70, intent: 15', a);
    return told({
      'model.yml': model.replace('points: 50,', `${b},`),
      'disqualify.yml': JSON.stringify(disqualify),
    });
  };

  it.each([
    ['points: 70', 'points: 70, intent: 20'],
    ['points: 70, intent: 10', 'points: 70'],
    ['points: 70', 'points: 60, fit: 50, intent: 20'],
  ])('that asks for %s takes all of one that asks for %s', (a, b) => {
    expect(tiers(a, b)).toEqual([
      'model.yml:10:3 No lead can reach tier B: tier A takes all of its leads | Let tier B ask for less than tier A.',
    ]);
  });

  it.each([
    ['points: 70, intent: 20', 'points: 70'],
    ['points: 70, intent: 11', 'points: 70, intent: 9'],
    ['points: 70, fit: 55', 'points: 70, intent: 20'],
  ])('that asks for %s leaves some to one that asks for %s', (a, b) => {
    expect(tiers(a, b)).toEqual([]);
  });

  it('is reached by a floor as well', () => {
    const floors = [{ id: 'f', when: 'lead.has_phone', tier: 'B' }];
    expect(tiers('points: 70', 'points: 70, intent: 20', { floors })).toEqual([]);
  });
});

describe('what changes nothing', () => {
  it('is a floor of the last tier, and a ceiling of the first', () => {
    const bound = (id: string, tier: string) => ({ id, when: 'lead.has_phone', tier });
    const floors = [bound('f', 'C'), bound('g', 'D')];
    const ceilings = [bound('c', 'B'), bound('d', 'A')];
    expect(told({ 'disqualify.yml': JSON.stringify({ floors, ceilings }) })).toEqual([
      expect.stringMatching(/"g" changes nothing: every lead is at least tier D$/),
      expect.stringMatching(/"d" changes nothing: every lead is at most tier A$/),
    ]);
  });

  it('is a group with a cap of 0', () => {
    expect(told(edited('intent.yml', 'cap: 20', 'cap: 0'))).toEqual([
      'intent.yml:12:10 Group "product-usage" gives 0 points: its cap is 0 | Give it a cap, or switch its rules off with enabled: false.',
    ]);
  });
});

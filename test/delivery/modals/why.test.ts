import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { buildOverride, suggestTier } from '../../../src/delivery/modals/override.ts';
import { buildWhy } from '../../../src/delivery/modals/why.ts';
import { propertyEffort } from '../../support/effort.ts';
import {
  NOW,
  sampleAssessment,
  sampleLead,
  sampleReason,
  sampleWhy,
} from '../../support/fake-lead-views.ts';
import { hostileAssessment, hostileLead, hostileText } from '../../support/hostile-views.ts';
import { readWhyModal, visibleLines } from '../../support/printed-slack-lines.ts';

const CODES = {
  override: [{ code: 'timing', label: 'Timing' }],
  disqualify: [{ code: 'competitor', label: 'Competitor' }],
};
const PLACE = { leadId: 'lead', surface: 'board', channel: 'C1' } as const;

function blocksOf(view: { blocks: unknown[] }): KnownBlock[] {
  return view.blocks as KnownBlock[];
}

describe('why', () => {
  test('the printed lines sum to the printed total, which is the score', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, (lead, assessment) => {
        const view = buildWhy(sampleWhy({ lead, assessment }), NOW);
        const printed = readWhyModal(blocksOf(view));
        expect(printed.total).toBe(assessment.points);
        expect(printed.points.reduce((sum, each) => sum + each, 0)).toBe(assessment.points);
      }),
      propertyEffort(100, 2_000),
    );
  });

  test('keeps every limit and nothing in it acts, whatever the lead says', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, hostileText, (lead, assessment, text) => {
        const touches = Array.from({ length: 12 }, () => ({
          ...{ source: text, leadSource: text, campaign: text, at: NOW },
        }));
        const view = buildWhy(sampleWhy({ lead, assessment, touches, routedBecause: text }), NOW);
        expect(validateView(view)).toEqual([]);
        const acting = findControlSequences(view).filter(
          (each) => each.text !== 'user' && !each.text.startsWith('<!date^'),
        );
        expect(acting).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('hundreds of lines still sum and fit', () => {
    const reasons = Array.from({ length: 500 }, (_, i) =>
      sampleReason({ ruleId: `fit.${i}`, points: (i % 9) - 3, text: 'W'.repeat(2_000) }),
    );
    const view = buildWhy(sampleWhy({ assessment: sampleAssessment({ reasons }) }), NOW);
    const printed = readWhyModal(blocksOf(view));
    expect(printed.points.reduce((sum, each) => sum + each, 0)).toBe(printed.total);
    expect(validateView(view)).toEqual([]);
  });

  test('shows values, unknowns, what is missing, history, decisions, source, route and version', () => {
    const lines = visibleLines(blocksOf(buildWhy(sampleWhy(), NOW)));
    expect(lines).toContain('+20 450 employees, our sweet spot');
    expect(lines).toContain('+5 In a country where we sell (country: DE)');
    expect(lines).toContain('Annual revenue above 10 million');
    expect(lines).toContain('annual revenue: −10 to +10');
    expect(lines.join('\n')).toMatch(/B 62, ruleset 11/);
    expect(lines.join('\n')).toMatch(/overrode, B to A, timing, intent\.pricing-page, undone/);
    expect(lines.join('\n')).toMatch(/website, Demo form, Spring/);
    expect(lines.join('\n')).toMatch(/Country DE goes to team DACH/);
    expect(JSON.stringify(buildWhy(sampleWhy(), NOW))).toContain('Ruleset 12 (a3f1c0de)');
  });
});

describe('override', () => {
  test('keeps every limit with any lead and any number of lines', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, (lead, assessment) => {
        expect(validateView(buildOverride(sampleWhy({ lead, assessment }), CODES, PLACE))).toEqual(
          [],
        );
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('suggests the tier that the missing values allow, else the next one up', () => {
    expect(
      suggestTier(sampleLead({ effectiveTier: 'B', tier: 'B', possibleTiers: ['B', 'C'] })),
    ).toBe('C');
    expect(suggestTier(sampleLead({ effectiveTier: 'C', tier: 'C', possibleTiers: ['C'] }))).toBe(
      'B',
    );
    expect(suggestTier(sampleLead({ effectiveTier: 'A', tier: 'A', possibleTiers: ['A'] }))).toBe(
      'B',
    );
  });

  test('each line that scored can be marked as wrong, once', () => {
    const view = JSON.stringify(buildOverride(sampleWhy(), CODES, PLACE));
    expect(view.match(/"value":"intent\.pricing-page"/g)).toHaveLength(1);
    expect(view).not.toContain('"value":"fit.revenue"');
  });
});

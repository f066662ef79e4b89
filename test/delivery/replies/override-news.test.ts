import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildOverrideNews } from '../../../src/delivery/replies/override-news.ts';
import type { OverrideNewsView } from '../../../src/delivery/views.ts';
import { propertyEffort } from '../../support/effort.ts';
import { sampleAssessment, sampleReason } from '../../support/fake-lead-views.ts';
import { hostileAssessment } from '../../support/hostile-views.ts';

const LEAD = { leadId: '01890000-0000-7000-8000-000000000001', shortId: 'L-4F7K' };
const demo = sampleReason({ ruleId: 'intent.demo', points: 25, text: 'Asked for a demo' });
const size = sampleReason();

function textOf(over: Omit<OverrideNewsView, 'leadId' | 'shortId'>): string {
  // A mark without width keeps Slack from reading ": " as the start of an emoji.
  return buildOverrideNews({ ...LEAD, ...over }).text.replaceAll('\u200b', '');
}

describe('news of an override', () => {
  test('say that the rules agree, and since when they do', () => {
    const before = sampleAssessment({ tier: 'B', reasons: [size] });
    const after = sampleAssessment({ tier: 'A', reasons: [size, demo] });
    expect(textOf({ toTier: 'A', before, after })).toBe(
      'You overrode L-4F7K to A. The rules now say A too: Asked for a demo (+25).',
    );
  });

  test('say that they moved away, by what was lost', () => {
    const before = sampleAssessment({ tier: 'A', reasons: [size, demo] });
    const after = sampleAssessment({ tier: 'C', reasons: [demo] });
    expect(textOf({ toTier: 'A', before, after })).toBe(
      'You overrode L-4F7K to A. The rules now say C, before A: no longer: 450 employees, our sweet spot (−20).',
    );
  });

  test('name other rules where no line moved, and what stops a lead', () => {
    const before = sampleAssessment({ tier: 'B' });
    const after = sampleAssessment({ tier: 'A', rulesetVersion: 13 });
    expect(textOf({ toTier: 'A', before, after })).toContain('say A too: ruleset 13.');
    const stop = { ruleId: 'stop.competitor', code: 'competitor' };
    const text = 'Disqualified: Works for a competitor';
    const line = sampleReason({ kind: 'tier', ruleId: stop.ruleId, axis: null, points: 0, text });
    const stopped = sampleAssessment({ tier: 'D', disqualified: stop, reasons: [line] });
    expect(textOf({ toTier: 'A', before, after: stopped })).toContain(`before B: ${text}.`);
  });

  test('keep every limit with any lines, and ping nobody', () => {
    fc.assert(
      fc.property(hostileAssessment, hostileAssessment, (before, after) => {
        const message = buildOverrideNews({ ...LEAD, toTier: 'A', before, after });
        expect(validateMessage(message)).toEqual([]);
        expect(message.text).not.toMatch(/<[!@#h]/);
      }),
      propertyEffort(60, 1_000),
    );
  });
});

import fc from 'fast-check';
import type { LeadRow } from '../../src/delivery/views.ts';
import type { Assessment, Reason } from '../../src/scoring/assessment.ts';
import { NOW, sampleAssessment, sampleLead } from './fake-lead-views.ts';

/** Text that a lead could send to do harm, or that merely is as long as it gets. */
export const HOSTILE_TEXTS = [
  '<!channel> <!here> <!everyone> <!subteam^S123|x>',
  '<@U0REP> <#C0BOARD> <https://evil.example|your bank>',
  '<!date^1392734382^{date}|x> <mailto:a@b.example|mail>',
  '*bold* _italic_ ~gone~ `code` ```block``` :tada: &amp; &lt;!channel&gt;',
  '\u202Eright to left\u202C \u0000 \u200F \uD800 lone',
  'line one\n+50 a forged line\n99 points = fit 99 + intent 0',
  `a${'\u0301'.repeat(5_000)}`,
  '👩‍👩‍👧‍👦'.repeat(2_000),
  'W'.repeat(10_000),
  '&'.repeat(10_000),
  '<'.repeat(10_000),
  '\u200B \u2060',
  '',
];

export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 400 }),
);

export const hostileLead: fc.Arbitrary<LeadRow> = fc
  .record({
    personName: fc.option(hostileText),
    title: fc.option(hostileText),
    company: fc.option(hostileText),
    asked: fc.option(hostileText),
    why: fc.option(fc.record({ points: fc.integer({ min: -100, max: 100 }), text: hostileText })),
    other: fc.option(fc.record({ points: fc.integer({ min: -100, max: 100 }), text: hostileText })),
    news: fc.constantFrom(
      { kind: 'new' as const },
      { kind: 'was' as const, tier: 'B' as const, points: 58 },
    ),
    crmUrl: fc.option(fc.oneof(fc.constantFrom('javascript:alert(1)', 'not a url'), hostileText)),
    shortId: fc.constantFrom('L-4F7K', 'L-9QX2Z8'),
    state: fc.constantFrom('open', 'accepted', 'snoozed'),
    effectiveTier: fc.constantFrom('A' as const, 'B' as const, 'C' as const, 'D' as const),
    slaDueAt: fc.option(
      fc.integer({ min: -9e8, max: 9e8 }).map((ms) => new Date(NOW.getTime() + ms)),
    ),
    min: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ min, ...lead }) =>
    sampleLead({
      ...lead,
      possibleTiers: ['A', 'B', 'C'],
      range: { min, max: min + 40, approximate: true },
    }),
  );

export function uniqueLeads(leads: readonly LeadRow[]): LeadRow[] {
  return leads.map((lead, index) => ({
    ...lead,
    leadId: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  }));
}

const hostileReason: fc.Arbitrary<Reason> = fc.record({
  kind: fc.constantFrom('rule' as const, 'decay' as const, 'cap' as const, 'unknown' as const),
  ruleId: fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), minLength: 1, maxLength: 120 }),
  axis: fc.option(fc.constantFrom('fit' as const, 'intent' as const)),
  points: fc.integer({ min: -40, max: 40 }),
  fields: fc.array(
    fc.record({
      name: fc.constantFrom('company.industry', 'lead.topics', 'source.campaign'),
      value: fc.option(hostileText),
    }),
    { maxLength: 3 },
  ),
  text: hostileText,
});

/** Consistent: unknown lines carry no points, and the points are the sum. */
export const hostileAssessment: fc.Arbitrary<Assessment> = fc
  .record({
    reasons: fc.array(hostileReason, { maxLength: 60 }),
    missing: fc.array(
      fc.record({
        from: fc.constant('x'),
        label: hostileText,
        min: fc.integer({ min: -50, max: 0 }),
        max: fc.integer({ min: 0, max: 50 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ reasons, missing }) => {
    const kept = reasons.map((each) => (each.kind === 'unknown' ? { ...each, points: 0 } : each));
    const sum = kept.reduce((total, each) => total + each.points, 0);
    const clamp: Reason = {
      kind: 'clamp',
      ruleId: 'score',
      axis: null,
      points: sum < 0 ? -sum : 0,
      fields: [],
      text: 'A score is never below 0',
    };
    const all = sum < 0 ? [...kept, clamp] : kept;
    return sampleAssessment({ reasons: all, missing, fitPoints: 0, intentPoints: 0 });
  });

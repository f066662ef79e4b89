import type { BoardView, HotLeadView, LeadRow, WhyView } from '../../src/delivery/views.ts';
import type { Assessment, Reason } from '../../src/scoring/assessment.ts';

/** Plainly sample leads, as the Slack surfaces get them. */
export const NOW = new Date('2026-03-10T14:23:00Z');

export function minutesFrom(now: Date, minutes: number): Date {
  return new Date(now.getTime() + minutes * 60_000);
}

export function sampleLead(overrides: Partial<LeadRow> = {}): LeadRow {
  return {
    leadId: '01890000-0000-7000-8000-000000000001',
    shortId: 'L-4F7K',
    personName: 'Dana Sample',
    title: 'Head of Operations',
    company: 'Example Freight',
    asked: 'We need a demo before Friday for 40 dispatchers.',
    askedEarlier: false,
    tier: 'A',
    effectiveTier: 'A',
    points: 87,
    fitPoints: 52,
    intentPoints: 35,
    range: { min: 87, max: 87, approximate: false },
    possibleTiers: ['A'],
    slaDueAt: minutesFrom(NOW, 12),
    receivedAt: minutesFrom(NOW, -3),
    rep: 'U0REP',
    repName: 'Rae Sample',
    state: 'open',
    accepted: null,
    snoozedUntil: null,
    why: { points: 20, text: '450 employees, our sweet spot' },
    missingCount: 0,
    crmUrl: 'https://crm.example.com/lead/1',
    ...overrides,
  };
}

export function sampleReason(overrides: Partial<Reason> = {}): Reason {
  return {
    kind: 'rule',
    ruleId: 'fit.company-size.mid-market',
    axis: 'fit',
    points: 20,
    fields: [{ name: 'company.employees', value: 450 }],
    text: '450 employees, our sweet spot',
    ...overrides,
  };
}

export function sampleReasons(): Reason[] {
  return [
    sampleReason(),
    sampleReason({
      ruleId: 'fit.seniority',
      points: 15,
      fields: [{ name: 'lead.seniority', value: 'director' }],
      text: 'Head of Operations decides on software like ours',
    }),
    sampleReason({
      ruleId: 'fit.industry',
      points: 12,
      fields: [{ name: 'company.industry', value: 'Logistics' }],
      text: 'Logistics is a core industry',
    }),
    sampleReason({
      ruleId: 'fit.country',
      points: 5,
      fields: [{ name: 'lead.country', value: 'DE' }],
      text: 'In a country where we sell',
    }),
    sampleReason({
      ruleId: 'intent.demo-request',
      axis: 'intent',
      points: 25,
      fields: [{ name: 'lead.topics', value: ['demo', 'timeline'] }],
      text: 'Asked for a demo',
    }),
    sampleReason({
      ruleId: 'intent.pricing-page',
      axis: 'intent',
      points: 15,
      fields: [],
      text: 'Viewed pricing 4 times in two weeks',
    }),
    sampleReason({
      kind: 'decay',
      ruleId: 'intent.pricing-page',
      axis: 'intent',
      points: -5,
      fields: [],
      text: 'Viewed pricing 4 times in two weeks: 6 days ago, half-life 14 days',
    }),
    sampleReason({
      kind: 'unknown',
      ruleId: 'fit.revenue',
      points: 0,
      fields: [{ name: 'company.annual_revenue', value: null }],
      text: 'Annual revenue above 10 million',
    }),
  ];
}

export function sampleAssessment(overrides: Partial<Assessment> = {}): Assessment {
  const reasons = overrides.reasons ?? sampleReasons();
  const total = (axis: string) =>
    reasons.filter((each) => each.axis === axis).reduce((sum, each) => sum + each.points, 0);
  return {
    rulesetVersion: 12,
    rulesetHash: 'a3f1c0de99887766',
    engineVersion: '1.0.0',
    scoredAt: '2026-03-10T14:20:00.000Z',
    points: reasons.reduce((sum, each) => sum + each.points, 0),
    fitPoints: total('fit'),
    intentPoints: total('intent'),
    range: { min: 77, max: 97, approximate: false },
    tier: 'A',
    possibleTiers: ['A'],
    disqualified: null,
    possibleStops: [],
    reasons,
    missing: [{ from: 'annual_revenue', label: 'annual revenue', min: -10, max: 10 }],
    ...overrides,
  };
}

export function sampleWhy(overrides: Partial<WhyView> = {}): WhyView {
  const view: Omit<WhyView, 'counts'> = {
    lead: sampleLead(),
    assessment: sampleAssessment(),
    previous: null,
    nearMisses: [],
    history: [{ scoredAt: minutesFrom(NOW, -1500), points: 62, tier: 'B', rulesetVersion: 11 }],
    decisions: [
      {
        kind: 'overridden',
        actor: 'U0REP',
        at: minutesFrom(NOW, -900),
        fromTier: 'B',
        toTier: 'A',
        reasonCode: 'timing',
        blamedRules: ['intent.pricing-page'],
        worked: 'tried',
        note: 'Met them at the fair.',
        toMember: null,
        undone: true,
      },
    ],
    touches: [
      { source: 'website', leadSource: 'Demo form', campaign: 'Spring', at: minutesFrom(NOW, -3) },
    ],
    overrideId: null,
    routedBecause: 'Country DE goes to team DACH; Rae has the fewest open leads',
    ...overrides,
  };
  const { history, decisions, touches } = view;
  const counts = {
    history: history.length,
    decisions: decisions.length,
    touches: touches.length,
  };
  return { ...view, counts: overrides.counts ?? counts };
}

export function sampleBoard(overrides: Partial<BoardView> = {}): BoardView {
  return {
    team: 'DACH inbound',
    channelId: 'C0BOARD',
    leads: [sampleLead()],
    openCount: 1,
    held: { broken: 0, stopped: 0 },
    rulesetVersion: 12,
    computedAt: NOW,
    revision: 7,
    ...overrides,
  };
}

export function sampleHot(overrides: Partial<HotLeadView> = {}): HotLeadView {
  return {
    lead: sampleLead(),
    reasons: sampleReasons(),
    rulesetVersion: 12,
    overridden: null,
    ...overrides,
  };
}

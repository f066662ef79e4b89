import { describe, expect, it } from 'vitest';
import { describe as describeReason, labelOf } from '../../../src/delivery/modals/why-lines.ts';
import type { Reason } from '../../../src/scoring/assessment.ts';

function reason(fields: Reason['fields']): Reason {
  return {
    kind: 'rule',
    ruleId: 'intent.demo',
    axis: 'intent',
    points: 20,
    fields,
    text: 'Asked for a demo',
  };
}

describe('a line of the why', () => {
  it.each([
    ['company.employees', 'company size'],
    ['signals.count("pricing_viewed", 30d)', 'pricing viewed in 30 days'],
    ['signals.has("trial_started", 1h)', 'trial started in 1 hour'],
    ['signals.last("pricing_viewed")', 'last pricing viewed'],
  ])('calls %s by words', (field, words) => {
    expect(labelOf(field)).toBe(words);
  });

  it('does not say again a number that the sentence writes with commas', () => {
    const fields = [{ name: 'company.employees', value: 1900 }];
    const said = { ...reason(fields), text: '1,900 employees: enterprise' };
    expect(describeReason(said)).toBe('1,900 employees: enterprise');
    expect(describeReason(reason(fields))).toBe('Asked for a demo (company size: 1,900)');
  });

  it('adds what was seen, and leaves out what did not happen', () => {
    const text = describeReason(
      reason([
        { name: 'lead.topics', value: ['pricing', 'timeline'] },
        { name: 'signals.count("demo_requested", 30d)', value: 0 },
      ]),
    );

    expect(text).toBe('Asked for a demo (message topics: pricing and timeline)');
  });
});

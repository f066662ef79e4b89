import { expect, it } from 'vitest';
import { crmOutcome } from '../../src/lead/crm-outcome.ts';

it.each([
  ['Closed - Converted', 'converted'],
  ['Closed - Not Converted', 'lost'],
  ['closed_not_converted', 'lost'],
  ['Converted', 'converted'],
  ['Closed Won', 'won'],
  ['Closed - Lost', 'lost'],
  ['Unqualified', 'disqualified'],
  ['Closed - Disqualified', 'disqualified'],
  ['Working - Contacted', 'contacted'],
  ['Contacted', 'contacted'],
  ['Open - Not Contacted', null],
  ['Closed', null],
  ['New', null],
  ['', null],
  [null, null],
])('"%s" is %s', (status, outcome) => {
  expect(crmOutcome(status)).toBe(outcome);
});

import { expect, test } from 'vitest';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { buildRollback } from '../../../src/delivery/modals/rollback.ts';

test.each([
  ['America/New_York', 'Ruleset 1, 2026-11-21 16:38', 'clock in Slack: America/New'],
  [null, 'Ruleset 1, 2026-11-21 21:38', 'times are in UTC'],
])('on the clock of %s a version is named as %j', (zone, label, clock) => {
  const createdAt = new Date('2026-11-21T21:38:00Z');
  const old = { version: 1, status: 'archived', note: 'The first', author: 'U0ADMIN', createdAt };
  const view = buildRollback([{ ...old, version: 2, status: 'live' }, old], 2, zone);
  expect(validateView(view)).toEqual([]);
  expect(JSON.stringify(view)).toContain(`"text":"${label}"`);
  expect(JSON.stringify(view)).toContain(clock);
});

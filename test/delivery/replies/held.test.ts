import { describe, expect, test } from 'vitest';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildHeld } from '../../../src/delivery/replies/held.ts';
import type { HeldLeadRow, HeldView } from '../../../src/delivery/views.ts';
import { NOW } from '../../support/fake-lead-views.ts';

const EVENT: HeldLeadRow = {
  leadId: null,
  eventId: '01890000-0000-7000-8000-000000000002',
  label: 'Webhook item from website',
  reason: 'no-identity',
  detail: 'no e-mail',
  since: NOW,
};
const LEAD: HeldLeadRow = {
  leadId: '01890000-0000-7000-8000-000000000001',
  eventId: null,
  label: 'L-4F7K, Dana Sample, Example Freight',
  reason: 'disqualified',
  detail: 'job_seeker',
  since: NOW,
};

function view(broken: number, stopped: number): HeldView {
  const of = (row: HeldLeadRow, count: number) => ({
    count,
    rows: Array.from({ length: Math.min(50, count) }, (_, index) => ({
      ...row,
      ...(row.leadId === null
        ? { eventId: `${row.eventId?.slice(0, -3)}${100 + index}` }
        : { leadId: `${row.leadId.slice(0, -3)}${100 + index}` }),
    })),
  });
  return { broken: of(EVENT, broken), stopped: of(LEAD, stopped) };
}

describe('held', () => {
  test('what is broken comes first and apart from what a rule stopped, in words', () => {
    const { text } = buildHeld(view(1, 2), NOW);
    expect(text.split('\n')).toEqual([
      '1 could not be read or scored',
      expect.stringMatching(/^Webhook item from website.*: .*so nobody could be called/),
      '2 stopped by a rule',
      expect.stringMatching(
        /^L-4F7K, Dana Sample, Example Freight: Stopped by a rule.*job seeker$/,
      ),
      expect.anything(),
    ]);
  });

  test('only stopped leads: nothing says that something is broken', () => {
    expect(JSON.stringify(buildHeld(view(0, 3), NOW))).not.toContain('could not be read');
    expect(buildHeld(view(0, 0), NOW).text).toBe('Nothing is held.');
  });

  test('a detail is told where it says more than the reason', () => {
    const textOf = (row: Partial<HeldLeadRow>) => {
      const broken = { count: 1, rows: [{ ...EVENT, ...row }] };
      return JSON.stringify(buildHeld({ broken, stopped: { count: 0, rows: [] } }, NOW).blocks);
    };
    expect(textOf({})).not.toContain('Detail');
    const detail = 'email is neither text nor a number';
    expect(textOf({ reason: 'field-of-wrong-kind', detail })).toContain(`Detail: ${detail}.`);
    expect(textOf({ reason: 'field-of-wrong-kind', detail: '' })).not.toContain('Detail');
  });

  test('dismissing asks first: nobody can take it back', () => {
    const said = JSON.stringify(buildHeld(view(1, 0), NOW).blocks);
    expect(said).toMatch(/"action_id":"held_event_dismiss"[^}]*"confirm":\{.*Dismiss for good\?/);
    expect(said).not.toMatch(/"action_id":"held_event_retry"[^}]*"confirm"/);
  });

  test('many of both fit one message and App Home, and the rest is counted', () => {
    const held = view(70, 3_000);
    const message = buildHeld(held, NOW);
    expect(validateMessage(message)).toEqual([]);
    expect(JSON.stringify(message)).toContain('and 2,991 more');
    const alone = buildHeld(view(0, 3_000), NOW);
    expect(validateMessage(alone)).toEqual([]);
    expect(JSON.stringify(alone)).toContain('and 2,982 more');
  });
});

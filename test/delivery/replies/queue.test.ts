import { describe, expect, test } from 'vitest';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildNext, buildQueue } from '../../../src/delivery/replies/queue.ts';
import type { QueueView } from '../../../src/delivery/views.ts';
import { minutesFrom, NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';

const ACCEPTED = sampleLead({
  leadId: '01890000-0000-7000-8000-0000000000ff',
  state: 'accepted',
  accepted: { at: minutesFrom(NOW, -20), afterMs: 4 * 60_000 },
  slaDueAt: minutesFrom(NOW, -10),
});

function queue(over: Partial<QueueView> = {}): QueueView {
  const mine = uniqueLeads(Array.from({ length: 20 }, () => sampleLead()));
  return {
    ...{ userId: 'U0REP', mine, mineCount: 34, accepted: [ACCEPTED], acceptedCount: 1 },
    ...over,
  };
}

describe('queue', () => {
  test('says how many there are in all, and how many of them it shows', () => {
    const message = buildQueue(queue(), NOW);
    expect(validateMessage(message)).toEqual([]);
    expect(message.text).toMatch(/^34 leads to take, 1 accepted\n/);
    expect(JSON.stringify(message.blocks)).toContain('8 of 34 shown');
    expect(JSON.stringify(message.blocks)).toContain('The rest are in the app’s Home tab.');
  });

  test('a list that is shown whole says no part', () => {
    const [one] = uniqueLeads([sampleLead()]);
    if (!one) throw new Error('no lead');
    const drawn = JSON.stringify(buildQueue(queue({ mine: [one], mineCount: 1 }), NOW));
    expect(drawn).toContain('1 lead to take, 1 accepted');
    expect(drawn).not.toContain('shown');
    expect(drawn).not.toContain('The rest');
  });

  test('an accepted lead says when it was accepted, not that it is overdue', () => {
    const drawn = JSON.stringify(buildQueue(queue({ mine: [], mineCount: 0 }), NOW));
    expect(drawn).toMatch(/accepted by you at <!date[^>]+>, in 4 min/);
    expect(drawn).not.toContain('overdue');
  });

  test('the next call says whom it is for', () => {
    const next = (over: { rep: string | null }) =>
      JSON.stringify(buildNext(sampleLead(over), 'U0REP', NOW));
    expect(next({ rep: 'U0REP' })).toContain('for you');
    expect(next({ rep: null })).toContain('for anyone');
  });
});

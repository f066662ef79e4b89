import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import type { DigestView } from '../../../src/delivery/digest-view.ts';
import { buildDigest } from '../../../src/delivery/replies/digest.ts';
import { propertyEffort } from '../../support/effort.ts';
import { NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { hostileLead, uniqueLeads } from '../../support/hostile-views.ts';

const NOTHING: DigestView = {
  ...{ userId: 'U0REP', waiting: 0, overdue: 0, best: [], outcomes: [] },
  team: { received: 0, accepted: 0, held: 0 },
};
const OUTCOME = { shortId: 'L-4F7K', fromTier: 'C', toTier: 'A', cameOfIt: 'converted' } as const;

describe('a digest', () => {
  test('says nothing when there is nothing to say, whoever it is for', () => {
    expect(buildDigest(NOTHING, NOW)).toBeNull();
    expect(buildDigest({ ...NOTHING, team: null }, NOW)).toBeNull();
    expect(buildDigest({ ...NOTHING, outcomes: [OUTCOME] }, NOW)?.text).toBe(
      '0 leads wait for you\nL-4F7K: you said A, the rules C; converted',
    );
  });

  test('says in its text alone what waits and for whom it is', () => {
    const view = { ...NOTHING, waiting: 1, best: [sampleLead({ rep: 'U0REP' })] };
    const { text, blocks } = buildDigest(view, NOW) ?? { text: '', blocks: [] };
    expect(text).toMatch(/^1 lead waits for you\n1\. A 87 Dana Sample/);
    expect(JSON.stringify(blocks)).toContain('for you');
    expect(JSON.stringify(blocks)).not.toContain('more: ');
  });

  test('keeps every limit and pings nobody, whatever the leads say', () => {
    const leads = fc.array(hostileLead, { minLength: 3, maxLength: 3 }).map(uniqueLeads);
    fc.assert(
      fc.property(leads, (best) => {
        const outcomes = Array.from({ length: 60 }, () => OUTCOME);
        const team = { received: 41, accepted: 38, held: 2 };
        const view = { ...NOTHING, waiting: 3_000, overdue: 2_999, best, outcomes, team };
        const message = buildDigest(view, NOW) ?? { text: '', blocks: [] };
        expect(validateMessage(message)).toEqual([]);
        const acting = findControlSequences(message).map(({ text }) => text);
        expect(acting.filter((text) => !text.startsWith('<!date^'))).toEqual([]);
        expect(message.text.split('the rules C; converted')).toHaveLength(6);
        expect(message.text).toContain('and 55 more, in the app’s Home tab');
        expect(message.text).toContain('Yesterday: 41 in, 38 accepted, 2 held');
      }),
      propertyEffort(30, 500),
    );
  });
});

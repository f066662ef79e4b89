import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_KIT_LIMITS } from '../../../demo/slack/block-kit-limits.ts';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildEscalation } from '../../../src/delivery/cards/escalation.ts';
import { buildThreadReply } from '../../../src/delivery/cards/thread-reply.ts';
import type { ThreadNews } from '../../../src/delivery/views.ts';
import { propertyEffort } from '../../support/effort.ts';
import { minutesFrom, NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { hostileLead, hostileText, uniqueLeads } from '../../support/hostile-views.ts';

const UPDATE_TEXT = BLOCK_KIT_LIMITS.message.updateText;

function pings(content: unknown): string[] {
  return findControlSequences(content)
    .map(({ text }) => text)
    .filter((text) => !text.startsWith('<!date^'));
}

const DECISION = {
  kind: 'decision' as const,
  byName: 'Rae Sample',
  toTier: null,
  reason: null,
  to: null,
  snoozedUntil: null,
  afterMs: null,
};

const hostileNews: fc.Arbitrary<ThreadNews> = fc.oneof(
  fc.record({
    kind: fc.constant('decision' as const),
    decision: fc.constantFrom('accepted', 'overridden', 'snoozed', 'handed_over', 'disqualified'),
    byName: fc.option(hostileText),
    toTier: fc.constantFrom('A' as const, null),
    reason: fc.option(hostileText),
    to: fc.option(fc.record({ name: fc.option(hostileText) })),
    snoozedUntil: fc.option(fc.constant(minutesFrom(NOW, 90))),
    afterMs: fc.option(fc.nat()),
  }),
  fc.record({
    ...{
      kind: fc.constant('score' as const),
      tier: fc.constant('A' as const),
      points: fc.nat(100),
    },
    contrast: fc.record({
      ...{ tier: fc.constant('B' as const), points: fc.nat(100) },
      changes: fc.array(fc.record({ points: fc.integer(), text: hostileText }), { maxLength: 9 }),
    }),
  }),
  fc.record({ kind: fc.constant('closed' as const), reason: hostileText }),
);

describe('a reply in the thread of a hot lead', () => {
  test('of any text keeps every limit and pings nobody', () => {
    fc.assert(
      fc.property(fc.array(hostileNews, { minLength: 1, maxLength: 30 }), (news) => {
        const reply = buildThreadReply({ shortId: 'L-4F7K', news });
        expect(validateMessage(reply, UPDATE_TEXT)).toEqual([]);
        expect(pings(reply)).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test.each<[ThreadNews, RegExp | string]>([
    [
      { ...DECISION, decision: 'accepted', afterMs: 240_000 },
      'Accepted by Rae Sample, 4 min after it was shown.',
    ],
    [{ ...DECISION, decision: 'accepted', byName: null }, 'Accepted by a colleague.'],
    [{ kind: 'undone', byName: null, decision: 'accepted' }, 'A colleague undid the acceptance.'],
    [
      { ...DECISION, decision: 'overridden', toTier: 'B', reason: 'No real interest' },
      'Overridden to B by Rae Sample: No real interest.',
    ],
    [
      { ...DECISION, decision: 'snoozed', snoozedUntil: minutesFrom(NOW, 60) },
      /^Snoozed by Rae Sample until <!date\^\d+\^\{date_short_pretty\} at \{time\}[^>]+>\.$/,
    ],
    [
      { ...DECISION, decision: 'handed_over', to: { name: 'Otto Other' } },
      'Handed over to Otto Other by Rae Sample.',
    ],
    [{ ...DECISION, decision: 'reassigned' }, 'Handed back to the team by Rae Sample.'],
    [
      {
        ...{ kind: 'score', tier: 'A', points: 71 },
        contrast: {
          ...{ tier: 'B', points: 58 },
          changes: [
            { points: 15, text: 'Viewed pricing 3 times' },
            { points: -2, text: 'Started a trial (longer ago)' },
          ],
        },
      },
      'Now A 71. Was B 58: +15 Viewed pricing 3 times; \u22122 Started a trial (longer ago).',
    ],
    [{ kind: 'outcome', outcome: 'won' }, 'The CRM says: won.'],
    [{ kind: 'closed', reason: 'aged_out' }, /^Closed: it waited for a call for too long/],
    [{ kind: 'closed', reason: 'valueOf' }, 'Closed.'],
  ])('%j', (news, said) => {
    const { text } = buildThreadReply({ shortId: 'L-4F7K', news: [news] });
    const plain = text.replaceAll('\u200B', '');
    if (typeof said === 'string') expect(plain).toBe(said);
    else expect(plain).toMatch(said);
  });
});

describe('leads that nobody takes', () => {
  test.each(['rep', 'team', 'manager'])('told to the %s: any leads keep every limit', (step) => {
    fc.assert(
      fc.property(fc.array(hostileLead, { maxLength: 30 }), hostileText, (leads, team) => {
        const view = { leads: uniqueLeads(leads), team, recipient: 'U0REP' };
        const message = buildEscalation(step, view, NOW);
        expect(validateMessage(message, UPDATE_TEXT)).toEqual([]);
        expect(pings(message)).toEqual([]);
      }),
      propertyEffort(40, 500),
    );
  });

  test('are one line in the channel, in call order, with what is due', () => {
    const leads = uniqueLeads([
      sampleLead({ points: 60, effectiveTier: 'B', personName: 'Later' }),
      ...[90, 80, 70].map((points) => sampleLead({ points })),
    ]);
    const { text, blocks } = buildEscalation('team', { leads, team: 'x', recipient: 'x' }, NOW);
    expect(blocks).toHaveLength(1);
    expect(text).toMatch(
      /^Nobody has taken these 4 yet:\nL-4F7K A 90 Dana Sample, .+ due soon, <!date.+\nL-4F7K A 80 .+\nL-4F7K A 70 .+\nand 1 more$/,
    );
  });
});

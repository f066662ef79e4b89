import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_KIT_LIMITS } from '../../../demo/slack/block-kit-limits.ts';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildBoard } from '../../../src/delivery/cards/board.ts';
import { buildHotLead } from '../../../src/delivery/cards/hot-lead.ts';
import { buildHotSummary } from '../../../src/delivery/cards/hot-summary.ts';
import { propertyEffort } from '../../support/effort.ts';
import {
  minutesFrom,
  NOW,
  sampleBoard,
  sampleHot,
  sampleLead,
} from '../../support/fake-lead-views.ts';
import {
  HOSTILE_TEXTS,
  hostileAssessment,
  hostileLead,
  uniqueLeads,
} from '../../support/hostile-views.ts';

const UPDATE_TEXT = BLOCK_KIT_LIMITS.message.updateText;

function pings(content: unknown): string[] {
  return findControlSequences(content)
    .map(({ text }) => text)
    .filter((text) => !text.startsWith('<!date^'));
}

describe('board', () => {
  test('ten leads of any text keep every limit, and nothing in them acts', () => {
    fc.assert(
      fc.property(fc.array(hostileLead, { maxLength: 12 }), fc.nat(5_000), (leads, openCount) => {
        const board = buildBoard(
          sampleBoard({ leads: uniqueLeads(leads), openCount, heldCount: 3 }),
        );
        expect(validateMessage(board, UPDATE_TEXT)).toEqual([]);
        expect(pings(board)).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test.each(HOSTILE_TEXTS.map((text) => [text.slice(0, 20), text]))(
    'the longest legal input fits: %j',
    (_name, text) => {
      const lead = sampleLead({
        ...{ personName: text, title: text, company: text, asked: text },
        why: { points: -100, text },
        crmUrl: `https://crm.example.com/${'x'.repeat(275)}`,
        possibleTiers: ['A', 'B', 'C', 'D'],
        range: { min: 0, max: 100, approximate: true },
        effectiveTier: 'D',
        slaDueAt: minutesFrom(NOW, -9_000),
      });
      const leads = uniqueLeads(Array.from({ length: 10 }, () => lead));
      const board = buildBoard(sampleBoard({ leads, openCount: 5_000, heldCount: 999 }));
      expect(validateMessage(board, UPDATE_TEXT)).toEqual([]);
      expect(board.blocks.length).toBeLessThanOrEqual(50);
    },
  );

  test('says rank, tier, points, person, company, due and what is left in words alone', () => {
    const leads = uniqueLeads([
      sampleLead(),
      sampleLead({ personName: 'Kofi Beispiel', points: 61, effectiveTier: 'B', slaDueAt: null }),
    ]);
    const { text } = buildBoard(sampleBoard({ leads, openCount: 292 }));
    expect(text.split('\n')).toEqual([
      '292 leads to call, best first',
      expect.stringMatching(
        /^1\. A 87 Dana Sample, Head of Operations, Example Freight, due soon, </,
      ),
      '2. B 61 Kofi Beispiel, Head of Operations, Example Freight',
      'and 290 more',
    ]);
  });

  test('an override shows, and what the rules say', () => {
    const lead = sampleLead({ tier: 'C', effectiveTier: 'A' });
    const drawn = JSON.stringify(buildBoard(sampleBoard({ leads: [lead] })).blocks);
    expect(drawn).toContain('A 87');
    expect(drawn).toContain('rules say C');
  });

  test('the range shows only where it could change the tier', () => {
    const range = { min: 80, max: 97, approximate: false };
    const same = sampleLead({ range, possibleTiers: ['A'] });
    const other = sampleLead({ range, possibleTiers: ['A', 'B'] });
    expect(JSON.stringify(buildBoard(sampleBoard({ leads: [same] })))).not.toContain('80 to 97');
    expect(JSON.stringify(buildBoard(sampleBoard({ leads: [other] })))).toContain(
      '80 to 97 points, could be B',
    );
  });

  test('empty: says so, still names ruleset and held leads', () => {
    const board = buildBoard(sampleBoard({ leads: [], openCount: 0, heldCount: 2 }));
    expect(validateMessage(board)).toEqual([]);
    expect(board.text).toMatch(/Nothing waits/);
    expect(JSON.stringify(board.blocks)).toMatch(/Ruleset 12.*2 leads held/s);
  });

  test('buttons know the lead and the revision, never a person', () => {
    const { blocks } = buildBoard(sampleBoard());
    const values = [...JSON.stringify(blocks).matchAll(/"value":"([^"]+)"/g)].map(
      ([, value]) => value,
    );
    expect(values.length).toBeGreaterThan(4);
    for (const value of values) {
      expect(value).toMatch(
        /^((why|snooze|not_mine|crm)\.)?01890000-0000-7000-8000-000000000001\.7$/,
      );
    }
  });

  test('a CRM address that is no web address is no link', () => {
    const lead = sampleLead({ crmUrl: 'javascript:alert(1)' });
    expect(JSON.stringify(buildBoard(sampleBoard({ leads: [lead] })))).not.toContain('javascript');
  });
});

describe('hot lead', () => {
  test('any lead and any why keep every limit', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, fc.boolean(), (lead, { reasons }, closed) => {
        const accepted = closed ? { by: 'U0REP', at: NOW, afterMs: 60_000 } : null;
        const message = buildHotLead(sampleHot({ lead, reasons, closed, accepted }), NOW);
        expect(validateMessage(message, UPDATE_TEXT)).toEqual([]);
        expect(pings(message).filter((text) => !/^(user|<@U0REP>)$/.test(text))).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('says who accepted it and how fast', () => {
    const accepted = { by: 'U0REP', at: NOW, afterMs: 4 * 60_000 };
    const lead = sampleLead({ state: 'accepted' });
    expect(buildHotLead(sampleHot({ lead, accepted }), NOW).text).toContain(
      '<@U0REP> accepted after 4 min',
    );
  });

  test('many at once are one message that fits', () => {
    fc.assert(
      fc.property(fc.array(hostileLead, { minLength: 1, maxLength: 40 }), (leads) => {
        expect(validateMessage(buildHotSummary(uniqueLeads(leads), NOW), UPDATE_TEXT)).toEqual([]);
      }),
      propertyEffort(30, 500),
    );
  });
});

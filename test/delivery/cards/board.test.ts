import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_KIT_LIMITS } from '../../../demo/slack/block-kit-limits.ts';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateMessage } from '../../../demo/slack/validate-blocks.ts';
import { buildBoard } from '../../../src/delivery/cards/board.ts';
import { buildHotLead } from '../../../src/delivery/cards/hot-lead.ts';
import { buildHotSummary } from '../../../src/delivery/cards/hot-summary.ts';
import { buildWhy } from '../../../src/delivery/modals/why.ts';
import type { LeadRow } from '../../../src/delivery/views.ts';
import { propertyEffort } from '../../support/effort.ts';
import {
  minutesFrom,
  NOW,
  sampleAssessment,
  sampleBoard,
  sampleHot,
  sampleLead,
  sampleReason,
  sampleReasons,
  sampleWhy,
} from '../../support/fake-lead-views.ts';
import {
  HOSTILE_TEXTS,
  hostileAssessment,
  hostileLead,
  uniqueLeads,
} from '../../support/hostile-views.ts';
import { visibleLines } from '../../support/printed-slack-lines.ts';

const NO_CODES = { override: [], disqualify: [] };
const UPDATE_TEXT = BLOCK_KIT_LIMITS.message.updateText;

const ACCEPTED = sampleLead({
  state: 'accepted',
  accepted: { at: minutesFrom(NOW, -1), afterMs: 4 * 60_000 },
  slaDueAt: minutesFrom(NOW, -30),
});

function pings(content: unknown): string[] {
  return findControlSequences(content)
    .map(({ text }) => text)
    .filter((text) => !text.startsWith('<!date^'));
}

/** The first row of a board, as it is read. */
function rowOf([, , , text, numbers]: readonly KnownBlock[]): string[] {
  const texts = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(texts);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) =>
      key === 'text' && typeof each === 'string' ? [each] : texts(each),
    );
  };
  return [text, numbers].flatMap((block) => texts(block).join('').split('\n'));
}

describe('board', () => {
  test('ten leads of any text keep every limit, and nothing in them acts', () => {
    fc.assert(
      fc.property(fc.array(hostileLead, { maxLength: 12 }), fc.nat(5_000), (leads, openCount) => {
        const board = buildBoard(
          sampleBoard({ leads: uniqueLeads(leads), openCount, held: { broken: 3, stopped: 2 } }),
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
        ...{ personName: text, title: text, company: text, asked: text, repName: text },
        why: { points: -100, text },
        other: { points: 100, text },
        news: { kind: 'was', tier: 'A', points: 100 },
        crmUrl: `https://crm.example.com/${'x'.repeat(275)}`,
        possibleTiers: ['A', 'B', 'C', 'D'],
        range: { min: 0, max: 100, approximate: true },
        effectiveTier: 'D',
        slaDueAt: minutesFrom(NOW, -9_000),
      });
      const leads = uniqueLeads(Array.from({ length: 10 }, () => lead));
      const board = buildBoard(
        sampleBoard({ leads, openCount: 5_000, held: { broken: 999, stopped: 999 } }),
      );
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

  test('names who a lead is routed to, in words that ping nobody', () => {
    const names = (over: Partial<LeadRow>) => {
      const board = buildBoard(sampleBoard({ leads: [sampleLead(over)] }));
      expect(pings(board)).toEqual([]);
      return JSON.stringify(board.blocks);
    };
    expect(names({})).toContain('for Rae Sample');
    expect(names({ repName: '<!channel> *Rae*' })).toContain('for &lt;!channel&gt;');
    expect(names({ repName: null })).toContain('for a colleague');
    expect(names({ rep: null, repName: null })).toContain('for anyone');
  });

  test('an override shows, and what the rules say', () => {
    const lead = sampleLead({ tier: 'C', effectiveTier: 'A' });
    const drawn = JSON.stringify(buildBoard(sampleBoard({ leads: [lead] })).blocks);
    expect(drawn).toContain('A 87');
    expect(drawn).toContain('rules say C');
  });

  test('what sets the tier stands without points; the quote says when an earlier message asked', () => {
    const draw = (over: Partial<LeadRow>) =>
      JSON.stringify(buildBoard(sampleBoard({ leads: [sampleLead(over)] })).blocks);
    const floor = draw({ why: { points: 0, text: 'Named account: at least tier B' } });
    expect(floor).toContain('{"type":"text","text":"Named account: at least tier B"}');
    expect(floor).not.toContain('"text":"0"');
    expect(draw({ asked: 'Any news?' })).toContain('"text":"“Any news?”"');
    expect(draw({ asked: 'Any news?', askedEarlier: true })).toContain(
      '"text":"Newest message: “Any news?”"',
    );
  });

  test('says the strongest for and against on one line, and what changed since', () => {
    const why = { points: 20, text: '450 employees' };
    const other = { points: -10, text: 'Free mail address' };
    const draw = (over: Partial<LeadRow>) => {
      const board = buildBoard(sampleBoard({ leads: [sampleLead(over)] }));
      return { text: board.text.split('\n')[1] ?? '', rows: rowOf(board.blocks) };
    };
    const said = '+20  450 employees   \u221210  Free mail address';
    expect(draw({ why, other }).rows).toContain(said);
    expect(draw({ why: other, other: why }).rows).toContain(said);
    const was = draw({ news: { kind: 'was', tier: 'B', points: 58 } });
    expect(was.rows.at(-1)).toMatch(/^was B 58 {2}· {2}\*due soon/);
    expect(was.text).toMatch(/Example Freight, was B 58, due soon/);
    expect(draw({ news: { kind: 'new' } }).text).toMatch(/Example Freight, new, due soon/);
  });

  test('a row is at most four lines and its buttons', () => {
    const news = { kind: 'was', tier: 'B', points: 58 } as const;
    const lead = sampleLead({ other: { points: -10, text: 'Free mail address' }, news });
    const { blocks } = buildBoard(sampleBoard({ leads: [lead] }));
    expect(rowOf(blocks)).toHaveLength(4);
    expect(blocks[5]?.type).toBe('actions');
  });

  test('the range shows only where it could change the tier', () => {
    const range = { min: 80, max: 97, approximate: false };
    const same = sampleLead({ range, possibleTiers: ['A'] });
    const other = sampleLead({ range, possibleTiers: ['A', 'B'] });
    expect(JSON.stringify(buildBoard(sampleBoard({ leads: [same] })))).not.toContain('80 to 97');
    const drawn = (lead: LeadRow) => JSON.stringify(buildBoard(sampleBoard({ leads: [lead] })));
    expect(drawn(other)).toContain('80 to 97 points, could be B');
    expect(drawn({ ...other, possibleTiers: ['A', 'B', 'C', 'D'] })).toContain(
      'could be B, C or D',
    );
  });

  test('empty: says so, still names ruleset and held leads', () => {
    const board = buildBoard(
      sampleBoard({ leads: [], openCount: 0, held: { broken: 1, stopped: 2 } }),
    );
    expect(validateMessage(board)).toEqual([]);
    expect(board.text).toMatch(/Nothing waits/);
    expect(JSON.stringify(board.blocks)).toMatch(
      /Ruleset 12.*1 could not be read or scored, 2 stopped by a rule: managers/s,
    );
  });

  test('buttons know the lead and the revision, never a person', () => {
    const { blocks } = buildBoard(sampleBoard());
    const values = [...JSON.stringify(blocks).matchAll(/"value":"([^"]+)"/g)].map(
      ([, value]) => value,
    );
    expect(values.length).toBeGreaterThan(4);
    for (const value of values) {
      expect(value).toMatch(
        /^((why|snooze|not_mine|hand_over|crm)\.)?01890000-0000-7000-8000-000000000001\.7$/,
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
      fc.property(hostileLead, hostileAssessment, (lead, { reasons }) => {
        const overridden = { byName: lead.personName, toTier: null };
        const message = buildHotLead(sampleHot({ lead, reasons, overridden }), NOW);
        expect(validateMessage(message, UPDATE_TEXT)).toEqual([]);
        expect(pings(message).filter((text) => text !== 'user')).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('mentions the rep once while it waits, never in the fallback, and nobody once it is taken', () => {
    const waiting = buildHotLead(sampleHot(), NOW);
    expect(pings(waiting)).toEqual(['user']);
    expect(JSON.stringify(waiting.blocks)).toContain('"user_id":"U0REP"');
    expect(JSON.stringify(waiting.blocks)).not.toContain('for Rae Sample');
    const overridden = { byName: 'Otto Other', toTier: 'A' } as const;
    expect(pings(buildHotLead(sampleHot({ lead: ACCEPTED, overridden }), NOW))).toEqual([]);
    const free = buildHotLead(sampleHot({ lead: sampleLead({ rep: null, repName: null }) }), NOW);
    expect(pings(free)).toEqual([]);
    expect(JSON.stringify(free.blocks)).toContain('anyone may take it');
  });

  test('names without a ping a rep who asked for that, and speaks to one in their own copy', () => {
    const named = buildHotLead(sampleHot({ pings: false }), NOW);
    expect(pings(named)).toEqual([]);
    expect(JSON.stringify(named.blocks)).toContain('Routed to Rae Sample.');
    const own = buildHotLead(sampleHot({ viewer: 'U0REP' }), NOW);
    expect(pings(own)).toEqual([]);
    expect(JSON.stringify(own.blocks)).toContain('This one is routed to you.');
    const taken = buildHotLead(sampleHot({ lead: ACCEPTED, viewer: 'U0REP' }), NOW);
    expect(taken.text).toContain('accepted by you');
  });

  test('says who accepted it, when and how fast', () => {
    const { text, blocks } = buildHotLead(sampleHot({ lead: ACCEPTED }), NOW);
    expect(text).toMatch(/accepted by Rae Sample at <!date[^>]+>, in 4 min/);
    expect(JSON.stringify(blocks)).toMatch(/accepted by Rae Sample at <!date[^>]+>, in 4 min/);
  });

  test('says "at" once when it was accepted on another day', () => {
    const accepted = { at: minutesFrom(NOW, -2_000), afterMs: null };
    const { text } = buildHotLead(sampleHot({ lead: { ...ACCEPTED, accepted } }), NOW);
    expect(text).toMatch(/accepted by Rae Sample <!date\^\d+\^\{date_short_pretty\} at \{time\}\|/);
  });

  test.each([
    [{}, 'Tier A, 87 points: call first'],
    [{ effectiveTier: 'C' }, 'Tier C, 87 points: call in board order'],
    [ACCEPTED, 'Tier A, 87 points: accepted'],
    [{ state: 'contacted' }, 'Tier A, 87 points: contacted'],
    [{ state: 'snoozed' }, 'Tier A, 87 points: snoozed'],
    [{ state: 'closed', effectiveTier: 'B' }, 'Tier B, 87 points: closed'],
  ] as const)('the title follows tier and state: %j', (over, title) => {
    const { text, blocks } = buildHotLead(sampleHot({ lead: sampleLead(over) }), NOW);
    expect(blocks[0]).toMatchObject({ type: 'header', text: { text: title } });
    expect(text.startsWith(`${title}. `)).toBe(true);
  });

  test('promises as many lines under Why as are there, unknown ones left out', () => {
    const tier = sampleReason({ kind: 'tier', points: 0, axis: null, text: 'Named account' });
    const unknown = sampleReason({ kind: 'unknown', points: 0, text: 'Revenue unknown' });
    const cases = [
      [sampleReasons(), '3 more lines of the score under Why'],
      [[...sampleReasons(), tier, unknown, unknown], '3 more lines of the score under Why'],
      [[sampleReason(), unknown, unknown], null],
    ] as const;
    for (const [reasons, wanted] of cases) {
      const hot = JSON.stringify(buildHotLead(sampleHot({ reasons: [...reasons] }), NOW).blocks);
      const promised = /\d+ more lines?[^"]*/.exec(hot)?.[0] ?? null;
      expect(promised).toBe(wanted);
      const assessment = sampleAssessment({ reasons: [...reasons] });
      const why = visibleLines(
        buildWhy(sampleWhy({ assessment }), NO_CODES, NOW).blocks as KnownBlock[],
      );
      const listed = why.filter(
        (line) => /^[+\u2212]\d/.test(line) || line === 'Named account (company size: 450)',
      );
      const shown = visibleLines(
        buildHotLead(sampleHot({ reasons: [...reasons] }), NOW).blocks,
      ).filter((line) => /^[+\u2212]\d/.test(line) || line === 'Named account');
      expect(listed.length - shown.length).toBe(Number.parseInt(promised ?? '0', 10));
    }
  });

  test('shows what sets the tier before what moved the points', () => {
    const text = 'Named account: at least tier A';
    const reasons = [...sampleReasons(), sampleReason({ kind: 'tier', points: 0, text })];
    const lines = visibleLines(buildHotLead(sampleHot({ reasons }), NOW).blocks);
    expect(lines.indexOf(text)).toBe(lines.indexOf('+25 Asked for a demo') - 1);
  });

  test('many at once are listed in call order, the taken ones last', () => {
    const [late, taken, best] = uniqueLeads([
      sampleLead({ points: 70, personName: 'Late', slaDueAt: null }),
      { ...ACCEPTED, points: 99, personName: 'Taken' },
      sampleLead({ points: 90, personName: 'Best', slaDueAt: null }),
    ]);
    if (!late || !taken || !best) throw new Error('three leads');
    const { text } = buildHotSummary([late, taken, best], 8, NOW);
    expect(text.split('\n')).toEqual([
      '3 more hot leads (8 in ten minutes): 2 left to call',
      expect.stringMatching(/^1\. A 90 Best/),
      expect.stringMatching(/^2\. A 70 Late/),
      expect.stringMatching(/^3\. A 99 Taken.*accepted by Rae Sample/),
    ]);
    expect(pings(buildHotSummary([late, taken, best], 8, NOW))).toEqual([]);
  });

  test.each([
    [['A'], 6, '1 more hot lead (6 in ten minutes): call it first'],
    [['A', 'A'], 7, '2 more hot leads (7 in ten minutes): call these first'],
    [['A', 'A'], 2, '2 more hot leads: call these first'],
    [['B'], 6, '1 more lead that was hot: call in board order'],
    [['A', 'B', 'C'], 8, '3 more leads that were hot: call 1 first, 2 in board order'],
  ] as const)('the heading of a summary follows its tiers: %j of %i', (tiers, inWindow, title) => {
    const leads = uniqueLeads(tiers.map((effectiveTier) => sampleLead({ effectiveTier })));
    const { text, blocks } = buildHotSummary(leads, inWindow, NOW);
    expect(text.split('\n')[0]).toBe(title);
    expect(blocks[0]).toMatchObject({ type: 'header', text: { text: title } });
  });

  test('many at once are one message that fits', () => {
    fc.assert(
      fc.property(fc.array(hostileLead, { minLength: 1, maxLength: 40 }), (leads) => {
        expect(validateMessage(buildHotSummary(uniqueLeads(leads), 40, NOW), UPDATE_TEXT)).toEqual(
          [],
        );
      }),
      propertyEffort(30, 500),
    );
  });
});

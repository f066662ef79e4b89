import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findControlSequences } from '../../../demo/slack/find-control-sequences.ts';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { leadButtons } from '../../../src/delivery/cards/lead-entry.ts';
import { buildOverride } from '../../../src/delivery/modals/override.ts';
import { buildWhy } from '../../../src/delivery/modals/why.ts';
import type { LeadRow, WhyView } from '../../../src/delivery/views.ts';
import { nearMisses } from '../../../src/scoring/near-misses.ts';
import { scoreLead } from '../../../src/scoring/score-lead.ts';
import { compileFiles } from '../../support/compile-files.ts';
import { propertyEffort } from '../../support/effort.ts';
import {
  minutesFrom,
  NOW,
  sampleAssessment,
  sampleLead,
  sampleReason,
  sampleWhy,
} from '../../support/fake-lead-views.ts';
import { hostileAssessment, hostileLead, hostileText } from '../../support/hostile-views.ts';
import { readWhyModal, visibleLines } from '../../support/printed-slack-lines.ts';
import { sampleSnapshot, seedFiles } from '../../support/seed-rules.ts';

const CODES = {
  override: [{ code: 'timing', label: 'Timing' }],
  disqualify: [{ code: 'competitor', label: 'Competitor' }],
};
const PLACE = { leadId: 'lead', surface: 'board', channel: 'C1' } as const;

function blocksOf(view: { blocks: unknown[] }): KnownBlock[] {
  return view.blocks as KnownBlock[];
}

describe('why', () => {
  test('the printed lines sum to the printed total, which is the score', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, (lead, assessment) => {
        const view = buildWhy(sampleWhy({ lead, assessment }), CODES, NOW);
        const printed = readWhyModal(blocksOf(view));
        expect(printed.total).toBe(assessment.points);
        expect(printed.points.reduce((sum, each) => sum + each, 0)).toBe(assessment.points);
      }),
      propertyEffort(100, 2_000),
    );
  });

  test('keeps every limit and nothing in it acts, whatever the lead says', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, hostileText, (lead, assessment, text) => {
        const touches = Array.from({ length: 12 }, () => ({
          ...{ source: text, leadSource: text, campaign: text, at: NOW },
        }));
        const view = buildWhy(
          sampleWhy({ lead, assessment, touches, routedBecause: text }),
          CODES,
          NOW,
        );
        expect(validateView(view)).toEqual([]);
        const acting = findControlSequences(view).filter(
          (each) => each.text !== 'user' && !each.text.startsWith('<!date^'),
        );
        expect(acting).toEqual([]);
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('hundreds of lines still sum and fit', () => {
    const reasons = Array.from({ length: 500 }, (_, i) =>
      sampleReason({ ruleId: `fit.${i}`, points: (i % 9) - 3, text: 'W'.repeat(2_000) }),
    );
    const view = buildWhy(sampleWhy({ assessment: sampleAssessment({ reasons }) }), CODES, NOW);
    const printed = readWhyModal(blocksOf(view));
    expect(printed.points.reduce((sum, each) => sum + each, 0)).toBe(printed.total);
    expect(validateView(view)).toEqual([]);
  });

  test('shows values, unknowns, what is missing, history, decisions, source, route and version', () => {
    const lines = visibleLines(blocksOf(buildWhy(sampleWhy(), CODES, NOW)));
    expect(lines).toContain('+20 450 employees, our sweet spot');
    expect(lines).toContain('+5 In a country where we sell (country: DE)');
    expect(lines).toContain(
      'Annual revenue unknown: could take away up to 10 points or add up to 10',
    );
    expect(lines).not.toContain('Annual revenue above 10 million');
    expect(lines.join('\n')).toMatch(/Scores before\nB 62, ruleset 11/);
    expect(lines.join('\n')).toMatch(
      /overrode, B to A, Timing, undone, .*Wrong line: Viewed pricing 4 times in two weeks\. Worked: Tried, not reached$/m,
    );
    expect(lines.join('\n')).toMatch(/website, Demo form, Spring/);
    expect(lines.join('\n')).toMatch(/Country DE goes to team DACH/);
    expect(JSON.stringify(buildWhy(sampleWhy(), CODES, NOW))).toContain('Ruleset 12 (a3f1c0de)');
  });
});

/** Ids of the buttons, and choices of the menu. */
function offered(blocks: unknown): string[] {
  const found = JSON.stringify(blocks).matchAll(
    /"action_id":"lead_(?!more)(\w+)"|"value":"(\w+)\.\w{8}-/g,
  );
  return [...found].map(([, button, choice]) => button ?? choice ?? '');
}

const MENU = ['why', 'snooze', 'not_mine', 'hand_over', 'crm'];
const but = (list: readonly string[], ...without: string[]) =>
  list.filter((each) => !without.includes(each));

test.each<[LeadRow['state'], string | null, string[], string[]]>([
  ['open', null, ['accept', 'override', 'disqualify'], ['accept', 'override', ...MENU]],
  [
    'snoozed',
    null,
    ['accept', 'override', 'disqualify'],
    but(['accept', 'override', ...MENU], 'snooze'),
  ],
  ['accepted', 'U0ME', ['override', 'disqualify'], ['override', ...MENU]],
  ['contacted', 'U0ME', ['override', 'disqualify'], but(['override', ...MENU], 'snooze')],
  ['accepted', 'U0KIM', ['override'], ['override', 'why', 'crm']],
  ['contacted', 'U0KIM', ['override'], ['override', 'why', 'crm']],
  ['held', null, [], ['why', 'crm']],
  ['closed', null, [], ['why', 'crm']],
])('%s, accepted by %s: what may be done is offered', (state, by, inWhy, inList) => {
  const had = by === null ? {} : { rep: by, accepted: { at: NOW, afterMs: null } };
  const lead = sampleLead({ state, ...had });
  const viewer = 'U0ME';
  const why = buildWhy(sampleWhy({ lead }), CODES, NOW, { notes: false, viewer });
  expect(offered(why.blocks)).toEqual([...inWhy, 'open_crm']);
  const options = { surface: 'home', rank: null, revision: 0, now: NOW, viewer } as const;
  expect(offered(leadButtons(lead, options))).toEqual(inList);
  const form = JSON.stringify(buildOverride(sampleWhy({ lead }), CODES, { ...PLACE, viewer }));
  expect(form.includes('Off the board') && form.includes('"out:')).toBe(by !== 'U0KIM');
});

test('what is left out of a list is counted, the newest stays', () => {
  const touches = Array.from({ length: 10 }, (_, n) => ({
    ...{ source: `source-${n}`, leadSource: null, campaign: null, at: minutesFrom(NOW, -n) },
  }));
  const counts = { history: 1, decisions: 3, touches: 14 };
  const lines = visibleLines(blocksOf(buildWhy(sampleWhy({ touches, counts }), CODES, NOW)));
  expect(
    lines.filter((line) => /^source-|^and/.test(line)).map((line) => line.split(',')[0]),
  ).toEqual(['and 2 more', ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `source-${n}`), 'and 6 more']);
});

describe('the note of an override', () => {
  const [row] = sampleWhy().decisions;
  const linesFor = (notes: boolean, note: string) => {
    const decisions = row === undefined ? [] : [{ ...row, note, blamedRules: ['a.b', 'c.d'] }];
    const view = buildWhy(sampleWhy({ decisions }), CODES, NOW, { notes });
    return visibleLines(blocksOf(view)).join('\n');
  };

  test('is for those who may read it, whole and on one line', () => {
    const note = `Not our market.\nDecisions\n${'x'.repeat(950)}`;
    expect(linesFor(true, note)).toContain('Wrong lines: a b; c d. Worked: Tried, not reached');
    expect(linesFor(true, note)).toContain(`Note: Not our market. Decisions ${'x'.repeat(950)}`);
    expect(linesFor(false, note)).not.toMatch(/Note|Not our market/);
  });
});

describe('the words of a why', () => {
  const lead = { 'company.employees': 450, 'lead.seniority': 'c_level', 'lead.topics': ['jobs'] };
  const seed = compileFiles(seedFiles());
  const assess = (fields: object, signalDay: number | null = null, now = NOW) => {
    const at =
      signalDay === null
        ? []
        : [1, 2, 3].map((minute) => minutesFrom(NOW, -signalDay * 1440 - minute));
    const signals = at.map((time) => ({ kind: 'pricing_viewed', occurredAt: time.toISOString() }));
    return scoreLead(seed, { ...sampleSnapshot({ ...lead, ...fields }), signals }, now);
  };
  const linesOf = (view: Partial<WhyView>) =>
    visibleLines(blocksOf(buildWhy(sampleWhy(view), CODES, NOW)));

  test('say what disqualified a lead once, with what was seen, and no code', () => {
    const assessment = assess({ 'company.domain': 'rival.example' });
    const lines = linesOf({ assessment, decisions: [] });
    expect(lines).toContain('Disqualified: Works for a competitor');
    expect(lines).toContain('Disqualified: Looks for a job');
    expect(lines.join('\n').match(/competitor/g)).toHaveLength(1);
    expect(lines.join('\n')).not.toMatch(/job_seeker|c_level|vendor_pitch/);
  });

  test('one line for a missing value, and what could still stop the lead by its label', () => {
    const lines = linesOf({
      assessment: assess({ 'company.employees': null, 'lead.topics': null }),
    });
    expect(lines.filter((line) => /company size/i.test(line))).toEqual([
      'Company size unknown: could take away up to 5 points or add up to 25',
    ]);
    expect(lines).toContain(
      'Could still be disqualified: Works for a competitor; Looks for a job; Student or coursework; Wants to sell to us',
    );
    const text = JSON.stringify(
      buildWhy(sampleWhy({ assessment: assess({ 'lead.topics': null }) }), CODES, NOW),
    );
    expect(text).toMatch(
      /Some values are missing\. Once known: \d+ to \d+ points, tier [AB], .*[BC] or [CD]\./,
    );
  });

  test('what time took stands below its rule, without a raw time', () => {
    const lines = linesOf({ assessment: assess({ 'lead.topics': ['demo'] }, 9) });
    const rule = lines.findIndex((line) => line.startsWith('+15 Viewed pricing 3 times'));
    expect(lines[rule]).toBe('+15 Viewed pricing 3 times in a month');
    expect(lines[rule + 1]).toBe('−5 9 days old, half-life 14 days: 10 of 15 left');
    expect(lines.join('\n')).not.toMatch(/T\d\d:\d\d/);
  });

  test('which single changes would lift the tier, after what is missing', () => {
    const fields = { ...lead, 'lead.topics': ['pricing'], 'lead.email_kind': 'free' };
    const assessment = assess(fields);
    const misses = nearMisses(seed, sampleSnapshot(fields), NOW);
    expect(misses.length).toBeGreaterThan(0);
    const lines = linesOf({ assessment, nearMisses: misses });
    const start = lines.indexOf('What would lift it');
    expect(start).toBeGreaterThan(lines.indexOf('Missing, and what each could change'));
    expect(lines.slice(start + 1, start + 1 + misses.length)).toEqual(
      misses.map((miss) => miss.text),
    );
    expect(linesOf({ assessment, nearMisses: [] })).not.toContain('What would lift it');
  });

  test('what changed since the score before, in one line, and nothing for the first', () => {
    const previous = assess({ 'lead.topics': ['demo'] });
    const assessment = assess({ 'lead.topics': ['demo', 'support'], 'company.employees': 10 }, 0);
    expect(linesOf({ assessment, previous })).toContain(
      'Was B 55: −20 no longer: 450 employees, our sweet spot; +15 Viewed pricing 3 times in a month; −5 Only 10 employees',
    );
    expect(linesOf({ assessment, previous: null }).join()).not.toContain('Was ');
    expect(linesOf({ assessment, previous: assessment }).join()).not.toContain('Was ');
  });
});

describe('override', () => {
  test('keeps every limit with any lead and any number of lines', () => {
    fc.assert(
      fc.property(hostileLead, hostileAssessment, (lead, assessment) => {
        expect(validateView(buildOverride(sampleWhy({ lead, assessment }), CODES, PLACE))).toEqual(
          [],
        );
      }),
      propertyEffort(60, 1_000),
    );
  });

  test('suggests no answer, so that nobody is led to one', () => {
    const { blocks } = buildOverride(sampleWhy(), CODES, PLACE);
    const initial = (id: string) => JSON.stringify(blocks.find((each) => each.block_id === id));
    expect(initial('target')).not.toContain('initial_option');
    expect(initial('reason')).not.toContain('initial_option');
    expect(initial('worked')).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"Not yet"',
    );
  });

  test('opened to disqualify, it asks why and not to which tier', () => {
    const view = buildOverride(sampleWhy(), CODES, { ...PLACE, out: true });
    expect(view.blocks.map((each) => each.block_id)).not.toContain('target');
    expect(JSON.stringify(view)).not.toContain('"value":"tier:');
    expect(JSON.stringify(view)).toContain('"value":"out:');
    expect(validateView(view)).toEqual([]);
  });

  test('each line that scored can be marked as wrong, once', () => {
    const view = JSON.stringify(buildOverride(sampleWhy(), CODES, PLACE));
    expect(view.match(/"value":"intent\.pricing-page"/g)).toHaveLength(1);
    expect(view).not.toContain('"value":"fit.revenue"');
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateView } from '../../../demo/slack/validate-view.ts';
import { buildHome } from '../../../src/delivery/home/build-home.ts';
import { HOME_FILTERS, type HomeData } from '../../../src/delivery/home/home-views.ts';
import type { HeldView } from '../../../src/delivery/views.ts';
import {
  ok,
  sampleFigures,
  sampleHome,
  sampleMyQueue,
  samplePeople,
  sampleSetup,
  sampleTeamSection,
} from '../../support/fake-home.ts';
import { minutesFrom, NOW, sampleLead } from '../../support/fake-lead-views.ts';
import { sampleReport } from '../../support/fake-slack-deps.ts';
import { HOSTILE_TEXTS, hostileLead, uniqueLeads } from '../../support/hostile-views.ts';

const LEADS = uniqueLeads(Array.from({ length: 34 }, () => sampleLead()));
const FAILED = { ok: false } as const;

function held(count: number, label = 'L-4F7K, Dana Sample'): HeldView {
  const rows = (kind: number) =>
    Array.from({ length: Math.min(50, count) }, (_, index) => ({
      leadId: `01890000-0000-7000-800${kind}-${String(index).padStart(12, '0')}`,
      ...{ eventId: null, label, reason: 'disqualified', detail: 'job_seeker', since: NOW },
    }));
  return { broken: { rows: rows(1), count }, stopped: { rows: rows(2), count } };
}

/** Everything that one person can have: an admin who reps, with more of each than is shown. */
function full(over: Partial<HomeData> = {}): HomeData {
  const section = sampleTeamSection();
  const [team] = section.teams;
  const [away] = section.away;
  const many = <T>(n: number, one: T | undefined) =>
    one ? Array.from({ length: n }, () => one) : [];
  return sampleHome(LEADS, {
    ...{ role: 'admin', introduced: [], setup: ok(sampleSetup()), held: ok(held(3_000)) },
    team: ok({
      teams: many(30, team).map((each, index) => ({ ...each, id: `team-${index}` })),
      away: many(30, away).map((each, index) => ({ ...each, userId: `U0AWAY${index}` })),
    }),
    ...{ report: ok(sampleReport()), rules: ok({ version: 12, count: 25 }) },
    ...{ health: ok([{ ok: true, text: 'Postgres: ok, answers' }]), people: ok(samplePeople()) },
    ...over,
  });
}

const drawn = (data: HomeData) => JSON.stringify(buildHome(data, NOW));
/** What is read aloud, in order. */
const lines = (data: HomeData) =>
  buildHome(data, NOW).blocks.flatMap((block) => JSON.stringify(block));

describe('App Home of a rep', () => {
  test('says what is shown of how many, marks what is new, and turns pages', () => {
    const first = drawn(sampleHome(LEADS));
    expect(first).toContain('*34 leads to take, best first*  ·  1 to 10 of 34');
    expect(first.match(/\*new\*/g)).toHaveLength(1);
    expect(first).toContain('Next 10');
    expect(first).not.toContain('Previous');

    const last = sampleMyQueue(LEADS, { filter: 'all', page: 3 });
    const end = drawn(sampleHome(LEADS, { queue: ok(last) }));
    expect(end).toContain('31 to 34 of 34');
    expect(end).toContain('34   A 87   Dana Sample');
    expect(end).not.toContain('Next');
  });

  test('each filter has its count in its name, and its own words when it is empty', () => {
    for (const filter of HOME_FILTERS) {
      const queue = { ...sampleMyQueue([], { filter, page: 0 }), leads: [] };
      const counts = { all: 0, due: 0, new: 0, accepted: 0, snoozed: 0 };
      const view = buildHome(sampleHome([], { queue: ok({ ...queue, counts }) }), NOW);
      expect(validateView(view)).toEqual([]);
      const said = JSON.stringify(view);
      expect(said).toMatch(/"initial_option":\{"text":\{[^}]*\(0\)/);
      expect(said).toMatch(/Nothing|You have/);
    }
    expect(drawn(sampleHome(LEADS))).toContain('Overdue or due soon (2)');
    const queue = { ...sampleMyQueue([], { filter: 'due', page: 0 }), leads: [] };
    const counts = { all: 2, due: 0, new: 0, accepted: 0, snoozed: 0 };
    expect(drawn(sampleHome([], { queue: ok({ ...queue, counts }) }))).toContain(
      'Nothing is overdue or due within 15 min. 2 leads are under “All to take”.',
    );
  });

  test('figures come with n and are withheld below the least', () => {
    expect(drawn(sampleHome(LEADS))).toContain('median 6 min (n = 42)');
    expect(drawn(sampleHome(LEADS))).toContain('38 of 42, 91% (95% interval 78 to 96%)');
    const few = sampleFigures({
      timeToAccept: { n: 9, medianMs: 60_000 },
      slaMet: { hits: 8, n: 9, rate: null, low: null, high: null },
    });
    const said = drawn(sampleHome(LEADS, { figures: ok(few) }));
    expect(said).toContain('9 accepts, too few for a time (needs 10)');
    expect(said).toContain('8 of 9, too few for a rate (needs 10)');
    expect(said).not.toContain('median');
  });

  test('says what came of an override, and when nothing came yet', () => {
    const said = drawn(sampleHome(LEADS));
    expect(said).toContain('L-9QX2, Kim Sample, Example Rail: you said A, the rules B; ');
    expect(said).toContain('converted');
    expect(said).toContain('L-7TZ4: you said off the board, the rules C; ');
    expect(said).toContain('nothing from the CRM yet');
  });

  test('nothing of other roles is in it', () => {
    const said = drawn(sampleHome(LEADS));
    expect(said).not.toMatch(/Your teams|Roles|Health|held|Grant|Ruleset/);
  });
});

describe('App Home of managers and admins', () => {
  test('a team has its day, what waits, and a button that names it', () => {
    const said = drawn(sampleHome([], { role: 'manager', team: ok(sampleTeamSection()) }));
    expect(said).toContain('Yesterday: 41 in, 38 accepted, 2 held');
    expect(said).toContain('Today so far: 12 in, 9 accepted, 0 held');
    expect(said).toMatch(
      /Open now: 7 leads \(A 2, C 5\) {2}· {2}\*3 overdue\* {2}· {2}oldest waits since/,
    );
    expect(said).toContain('"accessibility_label":"Assign or take back, Growth"');
    expect(said).toContain('*Gone Sample* has left the workspace and has 4 leads.');
    // A day of their own calendar, where it has begun already, whoever reads it.
    expect(said).toContain('*Away Sample* is away, back on Tue 24 Nov, and has 1 lead.');
    expect(said).toContain('Give all back to the team: 4 leads of Gone Sample');
  });

  test('the team comes first for a manager without leads, and figures of nothing are left out', () => {
    const none = { all: 0, due: 0, new: 0, accepted: 0, snoozed: 0 };
    const empty = { ...sampleMyQueue([]), counts: none };
    const nothing = sampleFigures({
      ...{ timeToAccept: { n: 0, medianMs: null } },
      slaMet: { hits: 0, n: 0, rate: null, low: null, high: null },
    });
    const idle = { queue: ok(empty), figures: ok(nothing) };
    const order = (said: string) =>
      [...said.matchAll(/Your teams today|Your queue|You, last 30 days/g)].map(([each]) => each);
    expect(order(drawn(full(idle)))).toEqual(['Your teams today', 'Your queue']);
    for (const introduced of [[], ['rep', 'manager', 'admin']] as const) {
      const types = buildHome(full({ ...idle, introduced }), NOW).blocks.map(({ type }) => type);
      expect(types.join(' ')).not.toMatch(/^divider|divider divider/);
    }
    expect(order(drawn(full()))).toEqual([
      ...['Your queue', 'Your teams today', 'You, last 30 days'],
    ]);
    expect(order(drawn(sampleHome([], idle)))).toEqual(['Your queue', 'You, last 30 days']);
  });

  test('an admin sees whom nobody knows, with what to do', () => {
    const said = drawn(full());
    expect(said).toContain('1 address in routing not found in Slack');
    expect(said).toContain('nobody@example.com');
    expect(said).toContain('1 rep without a CRM user');
  });

  test('what needs attention stands on top, and nothing does while all is well', () => {
    expect(drawn(full())).not.toContain('attention');
    const lines = [
      { ok: true, text: 'Postgres: ok, answers' },
      { ok: false, text: 'To Slack: needs attention, 9 waiting' },
    ];
    const said = drawn(full({ health: ok(lines) }));
    expect(said).toMatch(
      /^\{"type":"home","blocks":\[\{"type":"header"[^}]*1 thing needs attention/,
    );
    expect(said.match(/To Slack: needs attention/g)).toHaveLength(2);
    expect(said.match(/Postgres: ok/g)).toHaveLength(1);
  });

  test('all roles of one person with more of everything than fits keep Slack’s limits', () => {
    for (const over of [{}, { held: ok(held(3_000, HOSTILE_TEXTS[8])) }]) {
      const view = buildHome(full(over), NOW, { text: 'Done.', blocks: [] });
      expect(validateView(view)).toEqual([]);
      expect(view.blocks.length).toBeLessThanOrEqual(100);
      // Nothing was cut off the end: the last line is there.
      expect(JSON.stringify(view.blocks.at(-1))).toContain('as of');
    }
  });
});

describe('what cannot be read', () => {
  test('says so, and all the rest is shown', () => {
    const parts = {
      ...{ figures: 'Your figures', team: 'Your team', people: 'The list of roles' },
      ...{ queue: 'Your queue', held: 'The list of held leads' },
      setup: 'What is still to be set up',
    };
    for (const [part, name] of Object.entries(parts)) {
      const view = buildHome(full({ [part]: FAILED }), NOW);
      expect(validateView(view)).toEqual([]);
      const said = JSON.stringify(view);
      expect(said).toContain(`${name} cannot be read now.`);
      if (part !== 'people') expect(said).toContain('Roles');
      if (part !== 'queue') expect(said).toContain('34 leads to take');
    }
  });
});

describe('introductions', () => {
  const intro = (over: Partial<HomeData>) => lines(sampleHome([], over)).slice(0, 4).join('\n');

  test('each role has its own, the newest first, until it is put away', () => {
    expect(intro({ introduced: [] })).toMatch(/How it works[\s\S]*Accept makes a lead yours/);
    expect(intro({ role: 'manager', introduced: ['rep'] })).toContain('For managers');
    expect(intro({ role: 'manager', introduced: ['manager'] })).toContain('How it works');
    expect(intro({ role: 'rep', introduced: ['rep'] })).not.toContain('Got it');
  });

  test('an admin of a fresh installation sees which steps are open', () => {
    const said = intro({ role: 'admin', introduced: [], setup: ok(sampleSetup()) });
    expect(said).toContain('not in #leads-growth yet');
    expect(said).toContain('Reps found in Slack: done');
    expect(said).toContain('3 steps to go.');
  });
});

test('hostile leads keep the limits, and ping and format nothing', () => {
  fc.assert(
    fc.property(fc.array(hostileLead, { minLength: 1, maxLength: 10 }), (rows) => {
      const leads = uniqueLeads(rows);
      const view = buildHome(full({ queue: ok(sampleMyQueue(leads)) }), minutesFrom(NOW, 5));
      expect(validateView(view)).toEqual([]);
      expect(JSON.stringify(view.blocks)).not.toMatch(/"mrkdwn","text":"[^"]*<!(channel|here)/);
    }),
    { numRuns: 25 },
  );
});

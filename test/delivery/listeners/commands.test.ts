import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAppSender } from '../../../demo/slack/app-request.ts';
import { closeMatches } from '../../../src/delivery/listeners/commands/close-matches.ts';
import { parseCommand, SUBCOMMANDS } from '../../../src/delivery/listeners/commands/firstcall.ts';
import { ACTS, mayDo } from '../../../src/delivery/listeners/require-role.ts';
import { readChange } from '../../../src/delivery/listeners/views/rule-change.ts';
import type { ReportView, RuleRow } from '../../../src/delivery/views.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { sampleReport, sampleRules } from '../../support/fake-slack-deps.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import {
  SIGNING_SECRET,
  type SlackHarness,
  startSlackHarness,
} from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([
  sampleLead(),
  sampleLead({ shortId: 'L-9QX2', personName: 'Kofi Beispiel', company: 'Muster Logistik' }),
]);

let slack: SlackHarness;
beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
});
afterAll(() => slack.close());

type Who = 'repOne' | 'manager' | 'admin';

/** Runs a command and returns the private answer's text. */
async function answer(who: Who, text: string): Promise<string> {
  const person = slack.person(who);
  const before = person.ephemerals().length;
  const { status, elapsedMs } = await person.runCommand('/firstcall', text);
  expect(status).toBe(200);
  expect(elapsedMs).toBeLessThan(1_000);
  await eventually(() => expect(person.ephemerals().length).toBeGreaterThan(before));
  return person.ephemerals().at(-1)?.text ?? '';
}

async function opened(who: Who, text: string, wanted: string): Promise<string> {
  const shown = () => JSON.stringify(slack.person(who).topView() ?? null);
  await slack.person(who).runCommand('/firstcall', text);
  await eventually(() => expect(shown()).toContain(wanted));
  return shown();
}

describe('answers', () => {
  test.each([
    ['', /What First Call can do/],
    ['help', /`\/firstcall next` {2}the best lead/],
    ['next', /^Your next call: A 87 Dana Sample/],
    ['queue', /^2 leads to take, 0 accepted/],
    ['board', /^2 leads to call, best first/],
    ['report', /In 30 days: 412 received = 31 merged \+ 371 delivered \+ 6 held \+ 4 in flight/],
    ['report 7', /23 of 140, 16% \(95% interval 11 to 23%\)/],
    ['report 7 days', /^Last/],
    ['report abc', /^Say `\/firstcall report`.*from 1 to 365/],
    ['report 0', /^Say `\/firstcall report`/],
    ['report 3650', /^Say `\/firstcall report`/],
    ['rule fit.free-mail', /fit\.free-mail/],
    ['rule fit.fre-mail', /No live rule is called.*Closest: fit\.free-mail/],
  ])('/firstcall %s', async (text, wanted) => {
    expect(await answer('repOne', text)).toMatch(wanted);
  });

  test('an unknown word gets help and close matches, never silence', async () => {
    const text = await answer('repOne', 'quue');
    expect(text).toContain('There is no command quue.');
    expect(text).toContain('Did you mean `/firstcall queue`?');
  });

  test('hostile words do not act', async () => {
    expect(await answer('repOne', '<!channel> *x*')).not.toMatch(/<!|\*x\*/);
    expect(await answer('repOne', 'Quue-ZZ')).toContain('There is no command Quue-ZZ.');
  });

  test('help shows what this person may do', async () => {
    expect(await answer('repOne', 'help')).not.toContain('grant');
    expect(await answer('admin', 'help')).toContain('grant');
  });

  test('help offers a rule that is there, and none where there are none', async () => {
    const { ruleAdmin } = slack.fake.deps;
    const live = await ruleAdmin.live();
    const withRules = async (rules: RuleRow[], text: string) => {
      vi.spyOn(ruleAdmin, 'live').mockResolvedValueOnce({ ...live, rules });
      return answer('repOne', text);
    };
    const rules = sampleRules().map((rule, index) => ({
      ...{ ...rule, ruleId: `intent.sample-${index}` },
      enabled: index > 0,
    }));
    expect(await withRules(rules, 'help')).toContain('`/firstcall rule intent.sample-1`');
    expect(await withRules(rules, 'quue')).toContain('`/firstcall rule intent.sample-1`');
    expect(await withRules([], 'help')).toContain('`/firstcall rule` ');
  });

  test('times of too few are withheld, and the rest rounded up where it says within', async () => {
    const times = async (timeToAccept: ReportView['timeToAccept']) => {
      const report = vi.spyOn(slack.fake.deps.queries, 'report');
      report.mockResolvedValueOnce(sampleReport({ timeToAccept }));
      return (await answer('repOne', 'report')).split('\n').at(-1);
    };
    expect(await times({ n: 0, medianMs: null, p90Ms: null })).toBe('no accepts yet');
    expect(await times({ n: 1, medianMs: 9_000, p90Ms: 9_000 })).toBe(
      '1 accept, too few for times (needs 20)',
    );
    expect(await times({ n: 20, medianMs: 9_000, p90Ms: 50_000 })).toBe(
      'median under 1 min, 9 of 10 in under 1 min (n = 20)',
    );
    expect(await times({ n: 20, medianMs: 90_000, p90Ms: 90_000 })).toBe(
      'median 1 min, 9 of 10 within 2 min (n = 20)',
    );
  });

  test('a rate says what it counts, and tiers without a decision are named once', async () => {
    const none = { hits: 0, n: 0, rate: null, low: null, high: null };
    const two = { hits: 2, n: 2, rate: null, low: null, high: null };
    const asked = async (overrideRate: typeof none, rates: (typeof none)[]) => {
      const overrideByTier = (['A', 'B', 'C', 'D'] as const).map((tier, index) => ({
        ...{ tier, proportion: rates[index] ?? none },
      }));
      const report = vi.spyOn(slack.fake.deps.queries, 'report');
      report.mockResolvedValueOnce(sampleReport({ overrideRate, overrideByTier }));
      const text = await answer('repOne', 'report');
      return `${text}\n${JSON.stringify(slack.person('repOne').ephemerals().at(-1)?.blocks)}`;
    };
    const some = await asked(two, [none, two]);
    expect(some).toContain(
      'Override rate: 2 of 2, too few for a rate (needs 20); one final decision per score counts\n',
    );
    expect(some).toContain('"text":"B: 2 of 2, too few for a rate (needs 20)"');
    expect(some).toContain('"text":"A, C, D: no decisions yet"');
    expect(some).not.toContain('0 of 0');
    const nothing = await asked(none, []);
    expect(nothing).toContain('Override rate: no decisions yet\n');
    expect(nothing).not.toContain('By tier');
  });

  test('a report that does not balance says by how much', async () => {
    const conservation = { ...sampleReport().conservation, delivered: 370, balanced: false };
    const report = vi.spyOn(slack.fake.deps.queries, 'report');
    report.mockResolvedValueOnce(sampleReport({ conservation }));
    await answer('repOne', 'report');
    expect(JSON.stringify(slack.person('repOne').ephemerals().at(-1))).toContain(
      '1 lead unaccounted for',
    );
  });

  test('what cannot be read is said so, with a reference', async () => {
    vi.spyOn(slack.fake.deps.queries, 'queue').mockRejectedValueOnce(new Error('gone'));
    expect(await answer('repOne', 'queue')).toMatch(/cannot be read now.*ref \d{8}/);
  });
});

describe('roles', () => {
  test.each(['held', 'pause', 'health'])('a rep is refused %s with a sentence', async (word) => {
    expect(await answer('repOne', word)).toMatch(/needs a manager; you are a rep here/);
  });

  test('a manager pauses and resumes, and may not grant', async () => {
    expect(await answer('manager', 'pause')).toMatch(/^Paused/);
    expect(slack.fake.switches.paused).toBe(true);
    expect(await answer('manager', 'resume')).toMatch(/^Resumed/);
    expect(slack.fake.switches.paused).toBe(false);
    expect(await answer('manager', 'grant <@U0X|x> admin')).toMatch(/needs an admin/);
    const health = await answer('manager', 'health');
    expect(health).toContain('Posting to Slack: ok, running');
    expect(health).toContain('Leads: ok, in 30 days: 412 received');
  });

  test('health is clear while rules stop leads, and is not while something is broken', async () => {
    expect(await answer('manager', 'health')).toMatch(
      /Read and scored: ok, .*\nStopped by a rule: ok, 1 to look at/,
    );
    const held = await slack.fake.deps.queries.held();
    const broken = { rows: [], count: 2 };
    vi.spyOn(slack.fake.deps.queries, 'held').mockResolvedValueOnce({ ...held, broken });
    expect(await answer('manager', 'health')).toContain(
      'Read and scored: needs attention, 2 to look at',
    );
  });

  test('an admin grants a role to a person that Slack resolved', async () => {
    const rep = slack.workspace.users.repTwo.id;
    expect(await answer('admin', `grant <@${rep}|rep-two> manager`)).toContain('is a manager now');
    expect(slack.fake.roles.get(rep)).toBe('manager');
    expect(await answer('admin', 'grant @rep-two admin')).toMatch(/pick the person/);
    expect(await answer('admin', `grant <@${rep}> owner`)).toMatch(
      /^There is no role owner\. Roles are `rep`, `manager` and `admin`/,
    );
    expect(await answer('admin', `grant <@${rep}> managr`)).toBe(
      'There is no role managr, so none was granted. Did you mean `manager`?',
    );
    expect(slack.fake.roles.get(rep)).toBe('manager');
    expect(await answer('admin', `grant <@${rep}> Admin.`)).toContain('is an admin now');
    slack.fake.roles.set(rep, 'manager');
  });

  test('held leads are shown to a manager, with Release', async () => {
    expect(await answer('manager', 'held')).toMatch(/^1 stopped by a rule\nL-4F7K/);
    const [list] = slack.person('manager').ephemerals().slice(-1);
    if (list === undefined) throw new Error('no list');
    const place = { channel: list.channel, ts: list.ts };
    await slack.person('manager').clickButton({ ...place, actionId: 'lead_release' });
    const told = () => slack.person('manager').ephemerals().at(-1)?.text;
    await eventually(() => expect(told()).toContain('L-4F7K goes on'));
    expect(slack.fake.ledger.rows.at(-1)?.kind).toBe('released');
  });

  test('a held lead that has no score yet is released by its id all the same', async () => {
    expect(await answer('manager', 'release l-9qx2')).toContain('L-9QX2 goes on');
    const { kind, context } = slack.fake.ledger.rows.at(-1) ?? {};
    expect([kind, context?.leadId]).toEqual(['released', LEADS[1]?.leadId]);
  });

  test('release asks which one of several, and says so when nothing held is meant', async () => {
    const rows = slack.fake.ledger.rows.length;
    const { queries } = slack.fake.deps;
    const held = (await queries.held()).stopped.rows;
    const matches = LEADS.flatMap(({ leadId, shortId }) =>
      held.map((row) => ({ ...row, leadId, label: `${shortId}, Dana Sample` })),
    );
    const find = vi.spyOn(queries, 'findHeld');
    find.mockResolvedValueOnce({ rows: matches, more: false });
    expect(await answer('manager', 'release sample')).toMatch(
      /^2 held leads match. Which one\?\nL-4F7K, Dana Sample\nL-9QX2/,
    );
    const [list] = slack.person('manager').ephemerals().slice(-1);
    expect(JSON.stringify(list?.blocks).match(/"lead_release"/g)).toHaveLength(2);
    find.mockResolvedValueOnce({ rows: matches, more: true });
    expect(await answer('manager', 'release sample')).toMatch(/^More than 2 held leads match/);
    expect(await answer('manager', 'release')).toMatch(/^Say `\/firstcall release L-4F7K`/);
    expect(await answer('manager', 'release nobody')).toMatch(/^0 held leads match “nobody”/);
    expect(await answer('manager', 'release muster')).toBe(
      'L-9QX2 is open, not held: there is nothing to release.',
    );
    expect(slack.fake.ledger.rows).toHaveLength(rows);
    find.mockRestore();
  });

  test('the table: each act by each role', () => {
    const table = Object.entries(ACTS).map(([act, { role }]) => [
      act,
      (['rep', 'manager', 'admin'] as const).filter((each) => mayDo(each, act as never)).length,
      role,
    ]);
    for (const [, allowed, role] of table) {
      expect(allowed).toBe({ rep: 3, manager: 2, admin: 1 }[role as 'rep']);
    }
    expect(SUBCOMMANDS.map(({ name }) => name)).toEqual([
      ...['next', 'queue', 'board', 'why', 'held', 'release', 'prefs', 'report', 'rules', 'rule'],
      ...['pause', 'resume', 'grant', 'health', 'test-lead', 'setup', 'help'],
    ]);
  });
});

describe('modals', () => {
  test('why by short id, by the bare id, by company', async () => {
    await opened('repOne', 'why L-9QX2', 'Kofi Beispiel');
    await opened('repOne', 'l-4f7k', 'Dana Sample');
    await opened('repOne', 'why muster', 'Kofi Beispiel');
  });

  test('several matches are a list to pick from; none says so', async () => {
    await opened('repOne', 'why L-', '2 leads match. Which one?');
    const rep = slack.person('repOne');
    const viewId = rep.topView()?.id ?? '';
    await rep.clickButton({ viewId, actionId: 'lead_why', value: `${LEADS[1]?.leadId}.0` });
    await eventually(() => expect(JSON.stringify(rep.topView())).toContain('87 points = fit 52'));
    vi.spyOn(slack.fake.deps.queries, 'find').mockResolvedValueOnce({
      leads: LEADS,
      more: true,
    });
    await opened('repOne', 'why L-', 'More than 2 leads match; these are the newest 2');
    await opened('repOne', 'why nobody', '0 leads match “nobody”.');
  });

  test('a rep sees the rules without Change, an admin changes one and rolls it back', async () => {
    expect(await opened('repOne', 'rules', 'Ruleset 12')).not.toContain('rules_change');
    await opened('admin', 'rules', 'rules_change');
    const admin = slack.person('admin');
    const top = () => admin.topView()?.id ?? '';
    const text = () => JSON.stringify(admin.topView());
    await admin.clickButton({ viewId: top(), actionId: 'rules_change', value: 'fit.free-mail' });
    await eventually(() => expect(text()).toContain('rule_change_view'));
    await admin.submitView(top(), { points: '-4', note: 'Too harsh on founders' });
    await eventually(() => expect(text()).toContain('1 of 295 open leads would change tier'));
    expect(text()).toContain('fit.free-mail: −10 to −4 points');
    expect(text()).toContain('2 of 295 open leads would change team or rep');
    expect(text()).toMatch(/L-4F7K {2}.*growth to enterprise.*L-9QX2 {2}.*another rep of growth/);
    expect(slack.fake.rules.published).toEqual([]);
    await admin.submitView(top());
    await eventually(() =>
      expect(text()).toContain(
        'Ruleset 13 is live. 295 open leads and 12 accepted, snoozed or held',
      ),
    );
    expect(slack.fake.rules.published).toEqual([{ ruleId: 'fit.free-mail', points: -4 }]);
    await opened('admin', 'rules', 'rules_rollback');
    await admin.clickButton({ viewId: top(), actionId: 'rules_rollback' });
    await eventually(() => expect(text()).toContain('Ruleset 13 is live. Rolling back'));
    await admin.submitView(top(), { note: 'Reps said it was right before' });
    await eventually(() => expect(text()).toContain('1 of 295 open leads would change tier'));
    expect(text()).toContain('Reps said it was right before');
    expect(slack.fake.rules.version).toBe(13);
    await admin.submitView(top());
    await eventually(() => expect(text()).toContain('Back to the rules of ruleset 12, live as'));
  });

  test('"Done" closes onto the rules that are live now, on the page of the changed one', async () => {
    const { rules } = slack.fake.rules;
    slack.fake.rules.rules = sampleRules(60);
    await opened('admin', 'rules', 'rules_change');
    const admin = slack.person('admin');
    const top = () => admin.topView()?.id ?? '';
    const text = () => JSON.stringify(admin.topView());
    const { version } = slack.fake.rules;
    await admin.clickButton({ viewId: top(), actionId: 'rules_change', value: 'fit.rule-1' });
    await eventually(() => expect(text()).toContain('rule_change_view'));
    slack.fake.rules.rules = [...slack.fake.rules.rules].reverse();
    await admin.submitView(top(), { points: '17', note: 'Worth more' });
    await eventually(() => expect(text()).toContain('would change tier'));
    await admin.submitView(top());
    await eventually(() => expect(text()).toContain(`Ruleset ${version + 1} is live`));
    await admin.closeView();
    expect(text()).toContain(`*Ruleset ${version + 1}, 60 rules*`);
    expect(text()).toContain('+17  fit.rule-1');
    expect(text()).not.toContain(`Ruleset ${version},`);
    await admin.closeView();
    slack.fake.rules.rules = rules;
  });

  test('when the list below cannot be drawn anew, "Done" closes all of it', async () => {
    await opened('admin', 'rules', 'rules_rollback');
    const admin = slack.person('admin');
    const top = () => admin.topView()?.id ?? '';
    const text = () => JSON.stringify(admin.topView());
    await admin.clickButton({ viewId: top(), actionId: 'rules_rollback' });
    await eventually(() => expect(text()).toContain('Rolling back'));
    await admin.submitView(top(), { note: 'Back once more' });
    await eventually(() => expect(text()).toContain('would change tier'));
    const list = vi.spyOn(slack.fake.deps.ruleAdmin, 'live').mockRejectedValue(new Error('gone'));
    await admin.submitView(top());
    await eventually(() => expect(text()).toContain('Back to the rules of ruleset'));
    list.mockRestore();
    await admin.closeView();
    expect(admin.topView()).toBeUndefined();
  });

  test('a click on a page that was turned since changes nothing', async () => {
    const { rules } = slack.fake.rules;
    slack.fake.rules.rules = sampleRules(60);
    await opened('repOne', 'rules', '1 to 20 of 60');
    const rep = slack.person('repOne');
    const text = () => JSON.stringify(rep.topView());
    const next = () =>
      rep.clickButton({ viewId: rep.topView()?.id ?? '', actionId: 'rules_page_next' });
    const { payload: stale } = await next();
    await eventually(() => expect(text()).toContain('21 to 40 of 60'));
    await next();
    await eventually(() => expect(text()).toContain('41 to 60 of 60'));
    const failed = vi.spyOn(slack.fake.deps.log, 'error');
    const left = vi.spyOn(slack.fake.deps.log, 'info');
    const sender = createAppSender(slack.url, SIGNING_SECRET, slack.workspace.clock);
    await sender.sendPayload(stale);
    await eventually(() =>
      expect(JSON.stringify(left.mock.calls)).toContain('was changed meanwhile'),
    );
    expect(text()).toContain('41 to 60 of 60');
    expect(failed).not.toHaveBeenCalled();
    slack.fake.rules.rules = rules;
  });

  test('two admins: the second is told, and the form comes back on the new rules with what was entered', async () => {
    await opened('admin', 'rules', 'rules_change');
    const admin = slack.person('admin');
    const top = () => admin.topView()?.id ?? '';
    const text = () => JSON.stringify(admin.topView());
    await admin.clickButton({ viewId: top(), actionId: 'rules_change', value: 'fit.rule-1' });
    await eventually(() => expect(text()).toContain('rule_change_view'));
    const entered = { points: '42', note: 'Mine comes second' };
    await admin.submitView(top(), entered);
    await eventually(() => expect(text()).toContain('would change tier'));
    const { ruleAdmin } = slack.fake.deps;
    const { version } = await ruleAdmin.live();
    await ruleAdmin.publish({ ruleId: 'fit.rule-2', points: 1 }, 'First', 'U0OTHER', version);
    await admin.submitView(top());
    const conflict = `ruleset ${version + 1} is live now. What you entered is kept`;
    await eventually(() => expect(text()).toContain(conflict));
    expect(text()).toContain('"initial_value":"42"');
    expect(text()).toContain('"initial_value":"Mine comes second"');
    await admin.submitView(top());
    await eventually(() => expect(text()).toContain('would change tier'));
    await admin.submitView(top());
    await eventually(() => expect(text()).toContain(`Ruleset ${version + 2} is live`));
    expect(slack.fake.rules.published.at(-1)).toEqual({ ruleId: 'fit.rule-1', points: 42 });
  });

  test('a rollback that somebody overtook comes back with its version and note', async () => {
    await opened('admin', 'rules', 'rules_rollback');
    const admin = slack.person('admin');
    const top = () => admin.topView()?.id ?? '';
    const text = () => JSON.stringify(admin.topView());
    await admin.clickButton({ viewId: top(), actionId: 'rules_rollback' });
    await eventually(() => expect(text()).toContain('Rolling back'));
    const { ruleAdmin } = slack.fake.deps;
    const { version } = await ruleAdmin.live();
    await ruleAdmin.publish({ ruleId: 'fit.rule-2', points: 2 }, 'First', 'U0OTHER', version);
    await admin.submitView(top(), { version: '11', note: 'As it was' });
    await eventually(() => expect(text()).toContain(`ruleset ${version + 1} is live now`));
    expect(text()).toContain('"initial_value":"As it was"');
    expect(text()).toMatch(/"initial_option":\{[^}]*\}[^}]*"value":"11"/);
    expect((await ruleAdmin.live()).version).toBe(version + 1);
  });

  test('a change of nothing, and points that are no whole number, are refused beside the field', async () => {
    await opened('admin', 'rules', 'rules_change');
    const admin = slack.person('admin');
    const viewId = admin.topView()?.id ?? '';
    await admin.clickButton({ viewId, actionId: 'rules_change', value: 'fit.rule-1' });
    await eventually(() => expect(admin.topView()?.callback_id).toBe('rule_change_view'));
    const top = admin.topView()?.id ?? '';
    await admin.submitView(top, { note: 'nothing at all' });
    expect(admin.modals().at(-1)?.errors.enabled).toBe('Nothing is changed yet.');
    const typed = { points: { points: { type: 'number_input', value: '4.5' } } };
    const before = { ruleId: 'fit.rule-1', baseVersion: 1, points: 1, enabled: true };
    // Slack's own client refuses it already.
    expect(readChange({ state: { values: typed } } as never, before)).toMatchObject({
      errors: { points: expect.stringMatching(/whole number/) },
    });
  });
});

describe('App Home and shortcut', () => {
  test('by role: a rep has a queue, a manager the team, an admin the rules', async () => {
    for (const [who, wanted] of [
      ['repOne', 'leads to take, best first'],
      ['manager', '412 received'],
      ['admin', 'rules_open'],
    ] as const) {
      await slack.person(who).openHome();
      await eventually(() => expect(JSON.stringify(slack.person(who).home())).toContain(wanted));
    }
    expect(JSON.stringify(slack.person('repOne').home())).not.toContain('412 received');
  });

  test('a click in App Home is answered above the queue', async () => {
    const rep = slack.person('repOne');
    const viewId = rep.home()?.id ?? '';
    await rep.clickButton({ viewId, actionId: 'lead_accept', value: `${LEADS[1]?.leadId}.0` });
    await eventually(() =>
      expect(JSON.stringify(rep.home())).toContain('Recorded. Yours to call: A, L-9QX2'),
    );
    expect(slack.fake.ledger.rows.at(-1)?.context.surface).toBe('home');
  });

  test('the message shortcut lists the leads of a board', async () => {
    const board = await slack.postBoard();
    const rep = slack.person('repOne');
    await rep.useMessageShortcut(board);
    await eventually(() => expect(JSON.stringify(rep.topView())).toContain('Which lead?'));
  });
});

test('nothing that we sent broke a limit of Slack, and no scope was missing', () => {
  expect(slack.workspace.journal.violations).toEqual([]);
});

test('close matches and distances', () => {
  expect(closeMatches('hepl', ['health', 'help', 'held'])).toContain('help');
  expect(closeMatches('rport', ['report', 'rules', 'rule'])).toEqual(['report']);
  expect(closeMatches('zzzz', ['report', 'rules'])).toEqual([]);
  expect(parseCommand('  WHY   L-4F7K ')).toMatchObject({
    subcommand: { name: 'why' },
    rest: 'L-4F7K',
  });
});

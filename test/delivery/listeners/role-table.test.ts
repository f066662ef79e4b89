import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPerson, type Person } from '../../../demo/slack/person.ts';
import { SUBCOMMANDS } from '../../../src/delivery/listeners/commands/firstcall.ts';
import { ACTS, type ActName } from '../../../src/delivery/listeners/require-role.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { type ForeignRelay, startForeignRelay } from '../../support/foreign-relay.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import {
  SIGNING_SECRET,
  type SlackHarness,
  startSlackHarness,
} from '../../support/slack-harness.ts';

const LEADS = uniqueLeads([sampleLead()]);
const REF = `${LEADS[0]?.leadId}.7`;
const EVENT_ID = '01890000-0000-7000-8000-0000000000ee';

const WHO = ['rep', 'manager', 'admin', 'guest', 'other workspace'] as const;
type Who = (typeof WHO)[number];

/** One row of the table: what is done, by whom it may be, and what then happens behind it. */
interface Row {
  act: ActName;
  how: string;
  allowed: readonly Who[];
  /** Done as an admin first: what the person has open before the role counts. */
  before?: () => Promise<void>;
  does: () => Promise<unknown>;
  /** What only somebody allowed reaches; absent: `shows` alone tells. */
  reaches?: () => Probe;
  /** What somebody allowed is shown. */
  shows: RegExp;
  /** The answer takes the place of the reply that was clicked. */
  replaces?: true;
}
type Probe = { calls: () => number };

const EVERYBODY = ['rep', 'manager', 'admin'] as const;
const MANAGERS = ['manager', 'admin'] as const;
const ADMINS = ['admin'] as const;

let slack: SlackHarness;
let relay: ForeignRelay;
let person: Person;
let board: { channel: string; ts: string };

beforeAll(async () => {
  slack = await startSlackHarness(LEADS);
  relay = await startForeignRelay(slack.url, SIGNING_SECRET);
  const { id } = slack.workspace.users.repTwo;
  person = createPerson(slack.workspace, id, relay.url, SIGNING_SECRET);
});
afterAll(async () => {
  await slack.close();
  await relay.close();
});
beforeEach(async () => {
  vi.restoreAllMocks();
  board = await slack.postBoard();
});

function become(who: Who): void {
  relay.foreign = who === 'other workspace';
  const role = who === 'other workspace' ? 'admin' : who;
  slack.fake.roles.set(person.user.id, role);
}

const top = () => person.topView()?.id ?? '';
/** Everything that the person sees, apart from what was there before. */
function look(after: number): string {
  const replies = person.ephemerals().slice(after);
  return JSON.stringify([replies, person.topView() ?? null, person.home() ?? null]);
}

async function until(shown: RegExp, after = 0): Promise<void> {
  await eventually(() => expect(look(after)).toMatch(shown));
}

const command = (text: string) => () => person.runCommand('/firstcall', text);
const click = (actionId: string, value = REF) => person.clickButton({ ...board, actionId, value });
const menu = (choice: string) => () =>
  person.selectOverflow({ ...board, actionId: 'lead_more', value: `${choice}.${REF}` });
const clickTop = (actionId: string, value?: string) =>
  person.clickButton({ viewId: top(), actionId, ...(value === undefined ? {} : { value }) });
const submit = (answers: Record<string, string> = {}) => person.submitView(top(), answers);

async function clickLast(actionId: string): Promise<unknown> {
  const last = person.ephemerals().at(-1);
  if (last === undefined) throw new Error('no reply to click');
  return person.clickButton({ channel: last.channel, ts: last.ts, actionId });
}

function probe<T extends object, K extends keyof T & string>(port: T, method: K): Probe {
  const spy = vi.spyOn(port, method as never);
  return { calls: () => (spy as unknown as { mock: { calls: unknown[] } }).mock.calls.length };
}
const deps = () => slack.fake.deps;

async function openRules(): Promise<void> {
  while (person.topView() !== undefined) await person.closeView();
  await person.runCommand('/firstcall', 'rules');
  await until(/rules_rollback/);
}
async function openOverride(): Promise<void> {
  while (person.topView() !== undefined) await person.closeView();
  await click('lead_override');
  await until(/What should it be/);
}
function openForm(choice: string): () => Promise<void> {
  return async () => {
    while (person.topView() !== undefined) await person.closeView();
    await menu(choice)();
    await until(/lead_(snooze|hand_over)_view/);
  };
}
async function openChange(): Promise<void> {
  await openRules();
  await clickTop('rules_change', 'fit.rule-1');
  await until(/rule_change_view/);
}
async function openRollback(): Promise<void> {
  await openRules();
  await clickTop('rules_rollback');
  await until(/rules_rollback_view/);
}
async function openPrefs(): Promise<void> {
  while (person.topView() !== undefined) await person.closeView();
  await person.runCommand('/firstcall', 'prefs');
  await until(/prefs_view/);
}
const atHome = () => ({ viewId: person.home()?.id ?? '' });
/** As an admin, who sees everything there; the introduction not yet put away. */
async function openHome(): Promise<void> {
  while (person.topView() !== undefined) await person.closeView();
  slack.fake.homes.clear();
  const before = person.home()?.hash;
  await person.openHome();
  await eventually(() => expect(person.home()?.hash).not.toBe(before));
  await until(/home_got_it.*home_grant/);
}
async function openTeam(): Promise<void> {
  await openHome();
  await person.clickButton({ ...atHome(), actionId: 'team_assign' });
  await until(/1 lead open, accepted or snoozed/);
}
async function openSetup(): Promise<void> {
  while (person.topView() !== undefined) await person.closeView();
  await person.runCommand('/firstcall', 'setup');
  await until(/setup_change/);
}
async function openSetupTeam(): Promise<void> {
  await openSetup();
  await clickTop('setup_change', 'growth');
  await until(/setup_team_view/);
}
async function openHeld(): Promise<void> {
  const row = { label: 'Webhook item', reason: 'not-a-lead', detail: '', since: new Date() };
  const rows = [{ ...row, leadId: null, eventId: EVENT_ID }];
  const now = await deps().queries.held();
  const held = { ...now, broken: { rows, count: 1 } };
  vi.spyOn(deps().queries, 'held').mockResolvedValueOnce(held);
  const after = person.ephemerals().length;
  await person.runCommand('/firstcall', 'held');
  await until(/held_event_retry/, after);
}

const TABLE: readonly Row[] = [
  {
    ...{ act: 'accept', how: 'button', allowed: EVERYBODY, does: () => click('lead_accept') },
    ...{ reaches: () => probe(deps().ledger, 'accept'), shows: /Yours to call|is taken/ },
  },
  {
    ...{ act: 'override', how: 'button', allowed: EVERYBODY, does: () => click('lead_override') },
    ...{ reaches: () => probe(deps().queries, 'why'), shows: /What should it be/ },
  },
  {
    ...{ act: 'override', how: 'form', allowed: EVERYBODY, before: openOverride },
    does: () => submit({ target: 'C', reason: 'tier:more_urgent' }),
    ...{ reaches: () => probe(deps().ledger, 'override'), shows: /L-4F7K is C now/ },
  },
  {
    ...{ act: 'override', how: 'Disqualify', allowed: EVERYBODY },
    async before() {
      while (person.topView() !== undefined) await person.closeView();
      await menu('why')();
      await eventually(() => expect(JSON.stringify(person.topView())).toMatch(/lead_disqualify/));
    },
    does: () => clickTop('lead_disqualify'),
    ...{ reaches: () => probe(deps().queries, 'why'), shows: /Leaves the board; the CRM is told/ },
  },
  {
    ...{ act: 'snooze', how: 'menu', allowed: EVERYBODY, does: menu('snooze') },
    ...{ reaches: () => probe(deps().queries, 'lead'), shows: /Back on the board/ },
  },
  {
    ...{ act: 'snooze', how: 'form', allowed: EVERYBODY, before: openForm('snooze') },
    does: () => submit(),
    ...{ reaches: () => probe(deps().ledger, 'snooze'), shows: /L-4F7K is snoozed\./ },
  },
  {
    ...{ act: 'handOver', how: 'menu', allowed: EVERYBODY, does: menu('hand_over') },
    ...{ reaches: () => probe(deps().queries, 'lead'), shows: /To whom\?/ },
  },
  {
    ...{ act: 'handOver', how: 'form', allowed: EVERYBODY, before: openForm('hand_over') },
    does: () => submit({ to_member: slack.workspace.users.repOne.id }),
    ...{ reaches: () => probe(deps().ledger, 'handOver'), shows: /is handed over to/ },
  },
  {
    ...{ act: 'notMine', how: 'menu', allowed: EVERYBODY, does: menu('not_mine') },
    ...{ reaches: () => probe(deps().ledger, 'reassign'), shows: /back with the team/ },
  },
  {
    ...{ act: 'undo', how: 'button of a reply', allowed: EVERYBODY },
    async before() {
      const after = person.ephemerals().length;
      await menu('not_mine')();
      await until(/decision_undo/, after);
    },
    does: () => clickLast('decision_undo'),
    ...{ reaches: () => probe(deps().ledger, 'undo'), shows: /Undone/, replaces: true },
  },
  {
    ...{ act: 'why', how: 'menu', allowed: EVERYBODY, does: menu('why') },
    ...{ reaches: () => probe(deps().queries, 'why'), shows: /87 points = fit 52/ },
  },
  {
    ...{ act: 'why', how: 'shortcut', allowed: EVERYBODY },
    does: () => person.useMessageShortcut(board),
    ...{ reaches: () => probe(deps().queries, 'why'), shows: /87 points = fit 52/ },
  },
  {
    ...{ act: 'why', how: 'command', allowed: EVERYBODY, does: command('why L-4F7K') },
    ...{ reaches: () => probe(deps().queries, 'why'), shows: /87 points = fit 52/ },
  },
  {
    ...{ act: 'queue', how: 'command next', allowed: EVERYBODY, does: command('next') },
    ...{ reaches: () => probe(deps().queries, 'next'), shows: /Your next call/ },
  },
  {
    ...{ act: 'queue', how: 'command queue', allowed: EVERYBODY, does: command('queue') },
    ...{ reaches: () => probe(deps().queries, 'queue'), shows: /1 lead to take/ },
  },
  {
    ...{ act: 'board', how: 'command board', allowed: EVERYBODY, does: command('board') },
    ...{ reaches: () => probe(deps().queries, 'board'), shows: /1 lead to call/ },
  },
  {
    ...{ act: 'report', how: 'command report', allowed: EVERYBODY, does: command('report') },
    ...{ reaches: () => probe(deps().queries, 'report'), shows: /412 received/ },
  },
  {
    ...{ act: 'rules', how: 'command rules', allowed: EVERYBODY, does: command('rules') },
    ...{ reaches: () => probe(deps().ruleAdmin, 'live'), shows: /Ruleset \d+, 3 rules/ },
  },
  {
    ...{ act: 'rules', how: 'command rule', allowed: EVERYBODY },
    does: command('rule fit.free-mail'),
    ...{ reaches: () => probe(deps().ruleAdmin, 'live'), shows: /Free e-mail address/ },
  },
  {
    ...{ act: 'help', how: 'command help', allowed: EVERYBODY, does: command('help') },
    shows: /What First Call can do/,
  },
  {
    ...{ act: 'home', how: 'App Home', allowed: EVERYBODY, does: () => person.openHome() },
    ...{ reaches: () => probe(deps().home, 'queue'), shows: /1 lead to take, best first/ },
  },
  {
    ...{ act: 'home', how: 'filter', allowed: EVERYBODY, before: openHome },
    does: () => person.choose({ ...atHome(), actionId: 'home_filter', answer: 'due' }),
    ...{ reaches: () => probe(deps().homeStates, 'choose'), shows: /home_filter\.due/ },
  },
  {
    ...{ act: 'home', how: 'Got it', allowed: EVERYBODY, before: openHome },
    does: () => person.clickButton({ ...atHome(), actionId: 'home_got_it' }),
    ...{ reaches: () => probe(deps().homeStates, 'putAway'), shows: /1 lead to take/ },
  },
  {
    ...{ act: 'assign', how: 'button of a team', allowed: MANAGERS, before: openHome },
    does: () => person.clickButton({ ...atHome(), actionId: 'team_assign' }),
    ...{
      reaches: () => probe(deps().home, 'teamLeads'),
      shows: /1 lead open, accepted or snoozed/,
    },
  },
  {
    ...{ act: 'assign', how: 'button of a lead', allowed: MANAGERS, before: openTeam },
    does: () => clickTop('lead_assign'),
    ...{ reaches: () => probe(deps().home, 'assignable'), shows: /Who has it next/ },
  },
  {
    ...{ act: 'assign', how: 'form', allowed: MANAGERS },
    async before() {
      await openTeam();
      await clickTop('lead_assign');
      await until(/Who has it next/);
    },
    does: () => submit({ assignee: 'U0OTHER' }),
    ...{ reaches: () => probe(deps().ledger, 'assign'), shows: /L-4F7K is assigned/ },
  },
  {
    ...{ act: 'assign', how: 'Give all back', allowed: MANAGERS, before: openHome },
    does: () => person.clickButton({ ...atHome(), actionId: 'member_give_back', value: 'U0GONE' }),
    ...{ reaches: () => probe(deps().ledger, 'assign'), shows: /1 lead of <@U0GONE> is back/ },
  },
  {
    ...{ act: 'prefs', how: 'command prefs', allowed: EVERYBODY, does: command('prefs') },
    ...{ reaches: () => probe(deps().preferences, 'read'), shows: /Quiet from/ },
  },
  {
    ...{ act: 'prefs', how: 'button in App Home', allowed: EVERYBODY, before: openHome },
    does: () => person.clickButton({ ...atHome(), actionId: 'prefs_open' }),
    ...{ reaches: () => probe(deps().preferences, 'read'), shows: /Quiet from/ },
  },
  {
    ...{ act: 'prefs', how: 'form', allowed: EVERYBODY, before: openPrefs },
    does: () => submit(),
    ...{ reaches: () => probe(deps().preferences, 'save'), shows: /Saved: hot leads/ },
  },
  {
    ...{ act: 'held', how: 'command held', allowed: MANAGERS, does: command('held') },
    ...{ reaches: () => probe(deps().queries, 'held'), shows: /lead_release/ },
  },
  {
    ...{ act: 'release', how: 'command release', allowed: MANAGERS },
    does: command('release L-4F7K'),
    ...{ reaches: () => probe(deps().ledger, 'release'), shows: /L-4F7K goes on/ },
  },
  {
    ...{ act: 'release', how: 'button', allowed: MANAGERS, before: openHeld },
    does: () => clickLast('lead_release'),
    ...{ reaches: () => probe(deps().ledger, 'release'), shows: /L-4F7K goes on/ },
  },
  {
    ...{ act: 'release', how: 'Read again', allowed: MANAGERS, before: openHeld },
    does: () => clickLast('held_event_retry'),
    ...{ reaches: () => probe(deps().heldEvents, 'settle'), shows: /read again now/ },
  },
  {
    ...{ act: 'release', how: 'Dismiss', allowed: MANAGERS, before: openHeld },
    does: () => clickLast('held_event_dismiss'),
    ...{ reaches: () => probe(deps().heldEvents, 'settle'), shows: /Dismissed/ },
  },
  {
    ...{ act: 'pause', how: 'command pause', allowed: MANAGERS, does: command('pause') },
    ...{ reaches: () => probe(deps().switches, 'setPaused'), shows: /Paused/ },
  },
  {
    ...{ act: 'resume', how: 'command resume', allowed: MANAGERS, does: command('resume') },
    ...{ reaches: () => probe(deps().switches, 'setPaused'), shows: /Resumed/ },
  },
  {
    ...{ act: 'health', how: 'command health', allowed: MANAGERS, does: command('health') },
    ...{ reaches: () => probe(deps().switches, 'paused'), shows: /Posting to Slack/ },
  },
  {
    ...{ act: 'testLead', how: 'command test-lead', allowed: MANAGERS },
    does: command('test-lead'),
    ...{ reaches: () => probe(deps().testLeads, 'send'), shows: /Test lead L-4F7K: tier A/ },
  },
  {
    ...{ act: 'testLead', how: 'button Remove test lead', allowed: MANAGERS, replaces: true },
    async before() {
      const after = person.ephemerals().length;
      await command('test-lead')();
      await until(/test_lead_remove/, after);
    },
    does: () => clickLast('test_lead_remove'),
    ...{ reaches: () => probe(deps().testLeads, 'remove'), shows: /Test lead L-4F7K is removed/ },
  },
  {
    ...{ act: 'changeRule', how: 'button', allowed: ADMINS, before: openRules },
    does: () => clickTop('rules_change', 'fit.rule-1'),
    ...{ reaches: () => probe(deps().ruleAdmin, 'live'), shows: /rule_change_view/ },
  },
  {
    ...{ act: 'changeRule', how: 'form', allowed: ADMINS, before: openChange },
    does: () => submit({ points: String(randomPoints()), note: 'By the table' }),
    ...{ reaches: () => probe(deps().ruleAdmin, 'preview'), shows: /would change tier/ },
  },
  {
    ...{ act: 'changeRule', how: 'Publish', allowed: ADMINS },
    async before() {
      await openChange();
      await submit({ points: String(randomPoints()), note: 'By the table' });
      await until(/rule_publish_view/);
    },
    does: () => submit(),
    ...{ reaches: () => probe(deps().ruleAdmin, 'publish'), shows: /is live\. 295 open leads/ },
  },
  {
    ...{ act: 'rollbackRules', how: 'button', allowed: ADMINS, before: openRules },
    does: () => clickTop('rules_rollback'),
    ...{ reaches: () => probe(deps().ruleAdmin, 'versions'), shows: /rules_rollback_view/ },
  },
  {
    ...{ act: 'rollbackRules', how: 'form', allowed: ADMINS, before: openRollback },
    does: () => submit({ note: 'By the table' }),
    ...{ reaches: () => probe(deps().ruleAdmin, 'previewRollback'), shows: /would change tier/ },
  },
  {
    ...{ act: 'rollbackRules', how: 'Roll back', allowed: ADMINS },
    async before() {
      await openRollback();
      await submit({ note: 'By the table' });
      await until(/rules_rollback_publish_view/);
    },
    does: () => submit(),
    ...{ reaches: () => probe(deps().ruleAdmin, 'rollback'), shows: /Back to the rules of/ },
  },
  {
    ...{ act: 'setup', how: 'command setup', allowed: ADMINS, does: command('setup') },
    ...{ reaches: () => probe(deps().channels, 'check'), shows: /First Call is in <#C0LEADS/ },
  },
  {
    ...{ act: 'setup', how: 'Check again', allowed: ADMINS, before: openSetup },
    does: () => clickTop('setup_check'),
    reaches() {
      const standing = { id: 'C0AWAY', name: null, isMember: false, isArchived: false };
      const check = vi.spyOn(deps().channels, 'check').mockResolvedValue(standing);
      return { calls: () => check.mock.calls.length };
    },
    shows: /First Call is not in <#C0AWAY>: .*invite @First Call/,
  },
  {
    ...{ act: 'setup', how: 'Change', allowed: ADMINS, before: openSetup },
    does: () => clickTop('setup_change', 'growth'),
    ...{ reaches: () => probe(deps().channels, 'check'), shows: /setup_team_view/ },
  },
  {
    ...{ act: 'setup', how: 'form', allowed: ADMINS, before: openSetupTeam },
    does: () => submit({ from: '08:30', note: 'By the table' }),
    ...{ reaches: () => probe(deps().ruleAdmin, 'preview'), shows: /Hours: Mon to Wed, 09:00/ },
  },
  {
    ...{ act: 'setup', how: 'Publish', allowed: ADMINS },
    async before() {
      await openSetupTeam();
      await submit({ from: '08:30', note: 'By the table' });
      await until(/setup_publish_view/);
    },
    does: () => submit(),
    ...{ reaches: () => probe(deps().ruleAdmin, 'publish'), shows: /are routed anew/ },
  },
  {
    ...{ act: 'grant', how: 'command grant', allowed: ADMINS },
    does: () => command(`grant <@${slack.workspace.users.repOne.id}> rep`)(),
    ...{ reaches: () => probe(deps().members, 'grant'), shows: /is a rep now/ },
  },
  {
    ...{ act: 'grant', how: 'form of App Home', allowed: ADMINS },
    async before() {
      await openHome();
      const { id } = slack.workspace.users.repOne;
      person.fill(atHome().viewId, { home_grant_person: id, home_grant_role: 'rep' });
    },
    does: () => person.clickButton({ ...atHome(), actionId: 'home_grant' }),
    ...{ reaches: () => probe(deps().members, 'grant'), shows: /is a rep now/ },
  },
];

let points = 1;
/** Another each time: a change of nothing is refused whoever makes it. */
function randomPoints(): number {
  points += 1;
  return points;
}

/** The sentence that somebody gets who may not. */
function refusal(who: Who): RegExp {
  if (who === 'other workspace') return /This First Call belongs to another workspace\./;
  const have = who === 'admin' ? 'an admin' : `a ${who}`;
  return new RegExp(`needs (a rep|a manager|an admin); you are ${have} here\\.`);
}

const CASES = TABLE.flatMap((row) =>
  WHO.map((who) => ({ ...row, row, who, may: (row.allowed as readonly Who[]).includes(who) })),
);

describe('each act by each role', () => {
  test.each(CASES)('$act by $how: $who', async ({ row, who, may }) => {
    become('admin');
    await row.before?.();
    if (row.before === undefined) {
      while (person.topView() !== undefined) await person.closeView();
    }
    const after = person.ephemerals().length - (row.replaces ? 1 : 0);
    become(who);
    const reached = row.reaches?.();

    await row.does();

    await until(may ? row.shows : refusal(who), after);
    if (reached !== undefined) expect(reached.calls() > 0).toBe(may);
    expect(look(after)).not.toMatch(may ? refusal(who) : row.shows);
  });

  test('the table holds every act and every command', () => {
    expect(new Set(TABLE.map(({ act }) => act))).toEqual(new Set(Object.keys(ACTS)));
    const commands = TABLE.flatMap(({ how }) => /^command ([\w-]+)$/.exec(how)?.[1] ?? []);
    expect(new Set([...commands, 'why'])).toEqual(new Set(SUBCOMMANDS.map(({ name }) => name)));
  });

  test('nothing that we sent broke a limit of Slack', () => {
    expect(slack.workspace.journal.violations).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findRule } from '../../../src/delivery/listeners/commands/find-rule.ts';
import { parseCommand } from '../../../src/delivery/listeners/commands/firstcall.ts';
import { eventually } from '../../support/eventually.ts';
import { sampleLead } from '../../support/fake-lead-views.ts';
import { sampleRuleActivity, sampleRules } from '../../support/fake-slack-deps.ts';
import { uniqueLeads } from '../../support/hostile-views.ts';
import { type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';

let slack: SlackHarness;
beforeAll(async () => {
  slack = await startSlackHarness(uniqueLeads([sampleLead()]));
});
afterAll(() => slack.close());

type Who = 'repOne' | 'manager' | 'admin';

async function privately(who: Who, text: string): Promise<string> {
  const person = slack.person(who);
  const before = person.ephemerals().length;
  await person.runCommand('/firstcall', text);
  await eventually(() => expect(person.ephemerals().length).toBeGreaterThan(before));
  return person.ephemerals().at(-1)?.text ?? '';
}

const inChannel = () => slack.person('repTwo').messages('leads-growth');

async function publicly(who: Who, text: string) {
  const before = inChannel().length;
  await slack.person(who).runCommand('/firstcall', text);
  await eventually(() => expect(inChannel().length).toBeGreaterThan(before));
  const message = inChannel().at(-1);
  return { text: message?.text ?? '', blocks: JSON.stringify(message?.blocks) };
}

describe('what was typed', () => {
  test.each([
    ['', 'help', ''],
    ['?', 'help', ''],
    ['  WHY   L-4F7K ', 'why', 'L-4F7K'],
    ['/rule fit.free-mail', 'rule', 'fit.free-mail'],
    ['/firstcall rule fit.free-mail', 'rule', 'fit.free-mail'],
    ['“why” “Muster Logistik”', 'why', 'Muster Logistik'],
    ['"why dana"', 'why', 'dana'],
    ['ｗｈｙ　Ｌ－４Ｆ７Ｋ', 'why', 'L-4F7K'],
    ['why\u00A0R&amp;D', 'why', 'R&D'],
    ['why O’Brien’s', 'why', 'O’Brien’s'],
    ['queue.', 'queue', ''],
    ['l–4f7k', 'why', 'l-4f7k'],
    ['grant <@U123|ada> manager', 'grant', '<@U123|ada> manager'],
    ['why ride share', 'why', 'ride share'],
    ['rules fit.free-mail', 'rule', 'fit.free-mail'],
    ['L8489', 'why', 'L8489'],
    ['L-ZZZZ', 'why', 'L-ZZZZ'],
    ['L-4F7K?', 'why', 'L-4F7K'],
    ['release share works', 'release', 'share works'],
    ['held2', 'help', ''],
    ['leads', 'help', ''],
  ])('%j is %s %j', (typed, name, rest) => {
    expect(parseCommand(typed)).toMatchObject({ subcommand: { name }, rest, share: false });
  });

  test.each([
    ['report 7 share', 'report', '7'],
    ['report 7 --SHARE', 'report', '7'],
    ['rule "fit.free-mail" share', 'rule', 'fit.free-mail'],
    ['report share', 'report', ''],
    ['report share 7', 'report', '7'],
  ])('%j is shared', (typed, name, rest) => {
    expect(parseCommand(typed)).toMatchObject({ subcommand: { name }, rest, share: true });
  });
});

describe('help on one command', () => {
  test.each(['help report', 'report help', 'report --help', '“help” /Report?'])(
    '%s',
    async (text) => {
      const answer = await privately('repOne', text);
      expect(answer).toMatch(/^`\/firstcall report 30` {2}counts.*\n.*`\/firstcall report share`/);
      expect(answer).toContain('For everybody with a role here.');
    },
  );

  test('says whom it is for, and offers what was meant', async () => {
    expect(await privately('repOne', 'help grant')).toContain('For admins.');
    expect(await privately('repOne', 'help reprot')).toContain('Did you mean `/firstcall report`?');
  });
});

describe('a command that takes nothing after it', () => {
  test.each(['pause 10 minutes', 'resume now please', 'queue <@U0REP|rep>', 'health all'])(
    '%s: says so, and nothing is done',
    async (text) => {
      const paused = vi.spyOn(slack.fake.deps.switches, 'setPaused');
      const [name = ''] = text.split(' ');
      expect(await privately('manager', text)).toMatch(
        new RegExp(`^Nothing was done: ./firstcall ${name}. takes nothing after it\\.\n.*${name}`),
      );
      expect(paused).not.toHaveBeenCalled();
    },
  );

  test.each(['pause?', 'pause ?', 'Pause ？'])('%s asks what it does', async (text) => {
    const paused = vi.spyOn(slack.fake.deps.switches, 'setPaused');
    expect(await privately('manager', text)).toMatch(/^`\/firstcall pause` {2}stops posting/);
    expect(paused).not.toHaveBeenCalled();
  });
});

describe('share', () => {
  test('a report is shown to everybody, named after who shared it', async () => {
    const { text, blocks } = await publicly('repOne', 'report 7 share');
    const { id } = slack.workspace.users.repOne;
    expect(text).toMatch(new RegExp(`^<@${id}> shared: Last 30 days\n`));
    expect(blocks).toContain(`Shared by <@${id}>`);
  });

  test('a rule is shared without the button to change it', async () => {
    const { text, blocks } = await publicly('admin', 'rule fit.free-mail share');
    expect(text).toContain('fit.free-mail: −10 points, on');
    expect(blocks).not.toContain('rules_change');
  });

  test.each([
    ['queue share', /^`queue` is for you alone and was not shared\. .*`report` or `rule`\./],
    ['report 0 share', /^Say `\/firstcall report`/],
    ['rule fit.fre-mail share', /^No live rule is called/],
    ['board share', /2 leads|1 lead to call/],
  ])('%s stays private', async (text, wanted) => {
    const before = inChannel().length;
    expect(await privately('repOne', text)).toMatch(wanted);
    expect(inChannel()).toHaveLength(before);
  });

  test('what may not be seen is not shared either', async () => {
    slack.fake.roles.set(slack.workspace.users.repTwo.id, 'guest');
    const before = inChannel().length;
    await slack.person('repTwo').runCommand('/firstcall', 'report share');
    const guest = slack.person('repTwo');
    await eventually(() => expect(guest.ephemerals().at(-1)?.text).toMatch(/needs a rep/));
    expect(inChannel()).toHaveLength(before);
    slack.fake.roles.delete(slack.workspace.users.repTwo.id);
  });
});

describe('one rule', () => {
  test('says where it fires and how often it was overridden, and withholds rates of few', async () => {
    const text = await privately('repOne', 'rule FIT.free-mail');
    expect(text).toBe(
      [
        'fit.free-mail: −10 points, on',
        'Free e-mail address',
        'when lead.email_kind == "free"',
        'Fires on 31 of 295 open leads now',
        'Override rate where it fired, last 90 days: 23 of 140, 16% (95% interval 11 to 23%)',
        'Marked as the wrong line: 3 of 7, too few for a rate (needs 20)',
      ].join('\n'),
    );
  });

  test('a rule that stops leads says how many it holds; only admins may change', async () => {
    const activity = vi.spyOn(slack.fake.deps.queries, 'ruleActivity');
    activity.mockResolvedValueOnce(sampleRuleActivity({ holds: 3 }));
    expect(await privately('admin', 'rule fit.rule-1')).toContain(', holds 3 leads');
    const blocks = (who: Who) => JSON.stringify(slack.person(who).ephemerals().at(-1)?.blocks);
    expect(blocks('admin')).toContain('rules_change');
    expect(blocks('repOne')).not.toContain('rules_change');
  });

  test('what its sentence fills in for each lead is left open', async () => {
    const { ruleAdmin } = slack.fake.deps;
    const live = await ruleAdmin.live();
    const why = '{company.employees} employees in {{EU}}, {lead.country == "DE" ? "near" : "far"}';
    const rules = sampleRules(1).map((rule) => ({ ...rule, ruleId: 'fit.size', why }));
    vi.spyOn(ruleAdmin, 'live').mockResolvedValueOnce({ ...live, rules });
    expect(await privately('admin', 'rule fit.size')).toContain('\n… employees in {EU}, …\n');
    const { blocks } = slack.person('admin').ephemerals().at(-1) ?? {};
    expect(JSON.stringify(blocks)).toContain('\\n… employees in {EU}, …\\n');
  });

  test('a part of an id is enough when it is the only one; else the nearest are named', () => {
    const rules = sampleRules(4);
    expect(findRule(rules, 'Free Mail')).toMatchObject({ rule: { ruleId: 'fit.free-mail' } });
    expect(findRule(rules, 'fit.rule')).toEqual({
      near: ['fit.rule-1', 'fit.rule-2', 'fit.rule-3'],
    });
    expect(findRule(rules, 'fit.fre-mial')).toEqual({ near: ['fit.free-mail'] });
    expect(findRule(rules, 'zzzz')).toEqual({ near: [] });
  });
});

test('nothing that we sent broke a limit of Slack', () => {
  expect(slack.workspace.journal.violations).toEqual([]);
});

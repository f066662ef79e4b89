import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Person } from '../../demo/slack/person.ts';
import { createWorld, type World } from '../support/world.ts';

const WAIT = { timeout: 15_000, interval: 50 };

describe('/firstcall setup', () => {
  let world: World;
  let admin: Person;
  beforeAll(async () => {
    world = await createWorld();
    admin = world.person('admin');
  });
  afterAll(() => world.close());

  const top = () => admin.topView()?.id ?? '';
  const text = () => JSON.stringify(admin.topView() ?? null);
  const shows = (wanted: RegExp) => vi.waitFor(() => expect(text()).toMatch(wanted), WAIT);
  const live = async () => {
    const row = await world.database.db
      .selectFrom('rulesets')
      .select(['version', 'files', 'note', 'author'])
      .where('status', '=', 'live')
      .executeTakeFirstOrThrow();
    return { ...row, routing: row.files['routing.yml'] ?? '' };
  };

  async function openTeam(): Promise<void> {
    while (admin.topView() !== undefined) await admin.closeView();
    await admin.runCommand('/firstcall', 'setup');
    await shows(/Growth/);
    await admin.clickButton({ viewId: top(), actionId: 'setup_change', value: 'growth' });
    await shows(/setup_team_view/);
  }

  it('shows the present values, and what is to be done in Slack, and checks again on request', async () => {
    world.slack.setBotMember('leads-growth', false);
    await admin.runCommand('/firstcall', 'setup');
    const { repOne, repTwo, manager } = world.slack.users;
    await shows(/1 thing to do/);
    expect(text()).toMatch(/First Call is not in <#C\w+>: .*`\/invite @First Call`/);
    expect(text()).toContain(`Manager: <@${manager.id}>`);
    expect(text()).toContain(`2 reps: <@${repTwo.id}>, <@${repOne.id}>`);
    expect(text()).toContain('Mon to Fri, 09:00 to 17:30, America/New');
    world.slack.setBotMember('leads-growth', true);
    await admin.clickButton({ viewId: top(), actionId: 'setup_check' });
    await shows(/All is well/);
  });

  it('publishes another channel, other reps and hours; comments and capacities stay', async () => {
    const before = await live();
    await openTeam();
    const { repOne, admin: boss } = world.slack.users;
    const enterprise = world.slack.channelId('leads-enterprise');
    await admin.submitView(top(), {
      channel: enterprise,
      reps: [boss.id, repOne.id],
      time_zone: 'Europe/Berlin',
      days: ['mon', 'tue', 'wed', 'thu'],
      from: '08:30',
      note: 'Berlin takes over',
    });
    await shows(/setup_publish_view/);
    expect(text()).toContain('Channel: #leads-growth to #leads-enterprise');
    expect(text()).toContain(`Reps added: ${boss.email}`);
    expect(text()).toContain('Reps taken out: rep.two@example.com');
    expect(text()).toContain('Mon to Thu, 08:30 to 17:30, Europe/Berlin');
    expect(text()).toContain('0 of 0 open leads would change team or rep');
    expect(text()).toMatch(/move to the board there\.\\nDue times of its open leads/);
    expect((await live()).version).toBe(before.version);
    await admin.submitView(top());
    await shows(/Ruleset 2 is live/);
    const after = await live();
    expect([after.version, after.note, after.author]).toEqual([2, 'Berlin takes over', boss.id]);
    expect(after.routing).toContain(`channel: ${enterprise} # leads-enterprise`);
    expect(after.routing).toContain(
      `- { email: ${boss.email} }\n      - { email: ${repOne.email} }`,
    );
    expect(after.routing).toContain('assignment: crm_owner # the present owner, else round robin');
    expect(after.routing).toContain('- { email: rep.two@example.com, capacity: 15 }');
    expect(parse(after.routing).teams[0]).toEqual(parse(before.routing).teams[0]);
    expect(parse(after.routing).routes).toEqual(parse(before.routing).routes);
    expect(after.routing).toContain('# Who should act. The first route that matches decides');
    await admin.closeView();
    await shows(/Ruleset 2 says.*Mon to Thu, 08:30 to 17:30/);
  });

  it('refuses a change of nothing, and somebody without an address, and keeps what was entered', async () => {
    await openTeam();
    await admin.submitView(top(), { note: 'Nothing at all' });
    await shows(/Nothing is changed yet\./);
    const { repOne, repTwo } = world.slack.users;
    await world.person('repTwo').openHome();
    await world.slack.callAsInstaller('users.profile.set', { user: repTwo.id, profile: '{}' });
    await vi.waitFor(() => knownMember(repTwo.id), WAIT);
    await world.database.db
      .updateTable('members')
      .set({ email: null })
      .where('slack_user_id', '=', repTwo.id)
      .execute();
    await admin.submitView(top(), { reps: [repOne.id, repTwo.id], note: 'One more' });
    await shows(new RegExp(`No e-mail address in Slack.*<@${repTwo.id}>`));
    expect(text()).toContain(`"initial_users":["${repOne.id}","${repTwo.id}"]`);
  });

  const knownMember = (userId: string) =>
    world.database.db
      .selectFrom('members')
      .select('email')
      .where('slack_user_id', '=', userId)
      .executeTakeFirstOrThrow();

  it('tells the second of two admins, and keeps what they entered', async () => {
    await openTeam();
    const night = { from: '22:00', to: '06:00', note: 'Later in the day' };
    await admin.submitView(top(), night);
    await shows(/setup_publish_view/);
    expect(text()).toMatch(/now \w+.*, 22:00 to 06:00 the next day, /);
    const { rulesets } = world.app.parts;
    const { version, files } = await rulesets.liveRow();
    const { createRuleAdmin } = await import('../../src/records/rule-admin.ts');
    const other = createRuleAdmin({ db: world.database.db, rulesets, clock: world.slack.clock });
    expect(files['fit.yml']).toContain('fit.email.free');
    const change = { ruleId: 'fit.email.free', points: -7 };
    await other.publish(change, 'Meanwhile', 'U0OTHER', version);
    await admin.submitView(top());
    await shows(/setup_team_view/);
    expect(text()).toContain(`ruleset ${version + 1} is live now. What you entered is kept`);
    expect(text()).toMatch(/"initial_time":"22:00".*"initial_time":"06:00"/);
    expect(text()).toContain('"initial_value":"Later in the day"');
    expect((await live()).routing).not.toContain('22:00');
  });

  it('says what is wrong with the rules in words', async () => {
    await openTeam();
    const { ruleAdmin } = await adminPort();
    const { teams } = await ruleAdmin.live();
    const growth = teams.find(({ id }) => id === 'growth');
    if (growth === undefined) throw new Error('no team');
    const wrong = { ...growth.hours, time_zone: 'Europe/Nowhere' };
    const change = {
      ...{ teamId: 'growth', channel: growth.channel, channelName: null, manager: null },
      ...{ reps: growth.reps.map(({ email }) => email), hours: wrong },
    };
    const result = await ruleAdmin.preview(change);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('Europe/Nowhere') });
    expect(await ruleAdmin.preview({ ...change, teamId: 'nobody' })).toEqual({
      ok: false,
      message: 'There is no team "nobody".',
    });
  });

  async function adminPort() {
    const { createRuleAdmin } = await import('../../src/records/rule-admin.ts');
    const { rulesets, clock } = world.app.parts;
    return { ruleAdmin: createRuleAdmin({ db: world.database.db, rulesets, clock }) };
  }

  it('changes the rest of a team whose reps are more than the form takes', async () => {
    const { ruleAdmin } = await adminPort();
    const { teams, version } = await ruleAdmin.live();
    const growth = teams.find(({ id }) => id === 'growth');
    if (growth === undefined) throw new Error('no team');
    const reps = Array.from({ length: 101 }, (_, index) => `rep-${index}@example.com`);
    const { channel, hours } = growth;
    const many = {
      ...{ teamId: 'growth', channel, channelName: null, manager: null },
      hours,
      reps,
    };
    await ruleAdmin.publish(many, 'A hundred and one', 'U0OTHER', version);
    await openTeam();
    expect(text()).toContain('101 reps, more than the 100 that this form takes: they stay');
    await admin.submitView(top(), { from: '07:00', note: 'Earlier' });
    await shows(/setup_publish_view/);
    expect(text()).not.toMatch(/Reps (added|taken out|: another)/);
    await admin.submitView(top());
    await shows(new RegExp(`Ruleset ${version + 2} is live`));
    const after = (await ruleAdmin.live()).teams.find(({ id }) => id === 'growth');
    expect(after?.hours.from).toBe('07:00');
    expect(after?.reps.map(({ email }) => email)).toEqual(reps);
  });

  it('sent nothing that Slack would refuse', () => {
    expect(world.slack.journal.violations).toEqual([]);
  });
});

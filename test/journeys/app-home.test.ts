import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../demo/slack/person.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const WAIT = { timeout: 10_000, interval: 50 };

/* One team's day in App Home: a fresh installation, a rep, the manager, and somebody who leaves. */

describe('App Home', () => {
  let world: World;
  let rep: Person;
  let other: Person;
  let manager: Person;
  let admin: Person;

  beforeAll(async () => {
    world = await createWorld();
    [rep, other] = [world.person('repTwo'), world.person('repOne')];
    [manager, admin] = [world.person('manager'), world.person('admin')];
    await vi.waitFor(async () => {
      const people = await world.database.db.selectFrom('members').select('email').execute();
      expect(people.map(({ email }) => email)).toEqual(
        expect.arrayContaining([rep.user.email, other.user.email]),
      );
    }, WAIT);
    await world.app.parts.db
      .insertInto('members')
      .values({
        ...{ slack_user_id: manager.user.id, email: manager.user.email, display_name: 'Manager' },
        ...{ role: 'manager', crm_user_id: null, time_zone: null, updated_at: new Date() },
        ...{ standing: 'member', standing_at: new Date() },
      })
      .onConflict((conflict) => conflict.column('slack_user_id').doUpdateSet({ role: 'manager' }))
      .execute();
  });
  afterAll(() => world.close());

  const home = (person: Person) => JSON.stringify(person.home()?.blocks ?? null);
  const at = (person: Person) => ({ viewId: person.home()?.id ?? '' });
  const top = (person: Person) => JSON.stringify(person.topView()?.blocks ?? null);
  const shows = (person: Person, text: RegExp | string) =>
    vi.waitFor(() => expect(home(person)).toMatch(text), WAIT);
  async function open(person: Person): Promise<void> {
    const before = person.home()?.hash;
    await person.openHome();
    await vi.waitFor(() => expect(person.home()?.hash).not.toBe(before), WAIT);
  }
  /** For the team that takes everyone else. */
  async function arrives(company: string): Promise<void> {
    const lead = { company, title: 'Dispatcher', employees: 60, message: 'Hello' };
    await world.sendLead(sampleLead(lead));
    await world.scored();
  }

  it('tells the admin of a fresh installation what is still to be done, as it is', async () => {
    await open(admin);
    await shows(admin, 'First Call is in the team channels: done');
    expect(home(admin)).toContain('Reps found in Slack: done');
    expect(home(admin)).toContain('A source of leads: done');
    expect(home(admin)).toMatch(/CRM connected: .*to do.*not connected/);
    expect(home(admin)).toMatch(/A first lead has come in: .*to do/);
    expect(home(admin)).toContain('2 steps to go.');
    await arrives('Sample First');
    await open(admin);
    await shows(admin, 'A first lead has come in: done');
  });

  it('marks what came to a rep since they last opened it, also after a click', async () => {
    await open(rep);
    await shows(rep, 'Sample First');
    expect(home(rep)).not.toContain('*new*');
    await arrives('Sample Second');
    await arrives('Sample Third');
    await open(rep);
    await shows(rep, '2 leads to take, best first');
    expect(home(rep).match(/\*new\*/g)).toHaveLength(1);
    await rep.choose({ ...at(rep), actionId: 'home_filter', answer: 'new' });
    await shows(rep, /1 lead new since you last opened this tab/);
    expect(home(rep)).toContain('Sample Third');
    await rep.choose({ ...at(rep), actionId: 'home_filter', answer: 'all' });
    await shows(rep, /2 leads to take/);
    await open(rep);
    await shows(rep, /2 leads to take/);
    expect(home(rep)).not.toContain('*new*');
  });

  it('the manager gives a lead to the other rep, who finds it in theirs', async () => {
    await open(manager);
    await shows(manager, /Today so far: 3 in, 0 accepted, 0 held/);
    await manager.clickButton({ ...at(manager), actionId: 'team_assign', value: 'growth' });
    await vi.waitFor(
      () => expect(top(manager)).toContain('3 leads open, accepted or snoozed'),
      WAIT,
    );
    const lead = await leadOf('Sample First');
    const list = { viewId: manager.topView()?.id ?? '' };
    await manager.clickButton({ ...list, actionId: 'lead_assign', value: `${lead.id}.0` });
    await vi.waitFor(() => expect(top(manager)).toContain('Who has it next?'), WAIT);
    await manager.submitView(manager.topView()?.id ?? '', { assignee: other.user.id });
    await shows(manager, /is assigned to/);
    expect((await leadOf('Sample First')).rep_user_id).toBe(other.user.id);
    await open(other);
    await shows(other, 'Sample First');
  });

  it('what somebody had who left goes back to the team by one button', async () => {
    const lead = await leadOf('Sample First');
    await other.clickButton({ ...at(other), actionId: 'lead_accept', value: `${lead.id}.0` });
    await shows(other, /Yours to call/);
    const gone = { standing: 'deactivated', standing_at: new Date() } as const;
    await world.database.db
      .updateTable('members')
      .set(gone)
      .where('slack_user_id', '=', other.user.id)
      .execute();

    await open(manager);
    await shows(manager, /has left the workspace and has 2 leads\./);
    const giveBack = { actionId: 'member_give_back', value: other.user.id };
    await manager.clickButton({ ...at(manager), ...giveBack });
    await shows(manager, /Recorded\. 2 leads of <@[^>]+> are back with the team\./);

    await shows(manager, 'Your teams today');
    expect(home(manager)).not.toContain('has left the workspace');
    for (const company of ['Sample First', 'Sample Second']) {
      expect(await leadOf(company)).toMatchObject({
        ...{ state: 'open', rep_user_id: null, accepted_by: null },
      });
    }
    expect(world.slack.journal.violations).toEqual([]);
  });

  async function leadOf(company: string) {
    return world.database.db
      .selectFrom('leads')
      .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
      .select(['leads.id', 'leads.state', 'leads.accepted_by', 'assignments.rep_user_id'])
      .where((eb) => eb(eb.ref('leads.profile', '->>').key('company'), '=', company))
      .executeTakeFirstOrThrow();
  }
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createMembers,
  type MemberDirectory,
  type WorkspaceUser,
} from '../../src/records/members.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { storedLeads, storeRuleset } from '../support/stored-leads.ts';

let database: TestDatabase;
let people: Map<string, WorkspaceUser>;
let slackIsDown: boolean;
let asked: string[];
let now: Date;
let members: MemberDirectory;

beforeEach(async () => {
  database = await createTestDatabase();
  people = new Map();
  slackIsDown = false;
  asked = [];
  now = new Date('2026-03-10T12:00:00Z');
  members = directory(['U0BOSS']);
  person('U0BOSS');
});
afterEach(() => database.drop());

function directory(admins: readonly string[]): MemberDirectory {
  const answer = async (found: WorkspaceUser | undefined) => {
    if (slackIsDown) throw new Error('Slack is down');
    return found ?? null;
  };
  return createMembers({
    db: database.db,
    clock: { now: () => now },
    workspace: {
      byId: (id) => {
        asked.push(id);
        return answer(people.get(id));
      },
      byEmail: (email) => answer([...people.values()].find((each) => each.email === email)),
    },
    admins,
  });
}

function person(slackUserId: string, standing: WorkspaceUser['standing'] = 'member'): void {
  const email = `${slackUserId.toLowerCase()}@example.com`;
  people.set(slackUserId, { slackUserId, displayName: 'Sample', email, timeZone: null, standing });
}

const roleOf = async (id: string) => (await members.get(id)).role;

describe('who somebody is', () => {
  it('makes a full member a rep, and nobody else', async () => {
    const standings = ['member', 'guest', 'outsider', 'bot', 'deactivated'] as const;
    for (const standing of standings) person(`U0${standing.toUpperCase()}`, standing);

    const roles = await Promise.all(standings.map((each) => roleOf(`U0${each.toUpperCase()}`)));

    expect(roles).toEqual(['rep', 'guest', 'guest', 'guest', 'guest']);
    expect(await roleOf('U0NOBODY')).toBe('guest');
    expect(await roleOf('U0BOSS')).toBe('admin');
  });

  it('makes no rep of a guest that routing names, and says that the name found nobody', async () => {
    person('U0GUEST', 'guest');
    person('U0REP');

    const { unmatched } = await members.learn(['u0guest@example.com', 'u0rep@example.com']);

    expect(unmatched).toEqual(['u0guest@example.com']);
    expect(await roleOf('U0GUEST')).toBe('guest');
  });

  it('has leads that nobody could get routed again when a rep is met for the first time', async () => {
    const { db } = database;
    await storeRuleset(db);
    const leads = storedLeads(db);
    await leads.member('U0OTHER', 'Otto Other');
    const nobodys = await leads.lead({ rep: null });
    await leads.lead({ rep: 'U0OTHER' });
    await leads.lead({ rep: null, state: 'accepted', acceptedBy: 'U0OTHER' });
    person('U0REP');

    async function dueAfterLearning(): Promise<string[]> {
      await db.updateTable('leads').set({ score_due_at: null }).execute();
      await members.learn(['u0rep@example.com']);
      const due = db.selectFrom('leads').select('id').where('score_due_at', 'is not', null);
      return (await due.execute()).map(({ id }) => id);
    }
    expect(await dueAfterLearning()).toEqual([nobodys]);
    expect(await dueAfterLearning()).toEqual([]);
  });

  it('lets a guest act after an admin granted a role', async () => {
    person('U0GUEST', 'guest');
    expect(await roleOf('U0GUEST')).toBe('guest');

    expect(await members.grant('U0GUEST', 'rep', 'U0BOSS')).toEqual({ kind: 'granted' });

    expect(await roleOf('U0GUEST')).toBe('rep');
    expect(await members.learn(['u0guest@example.com'])).toEqual({ unmatched: [] });
  });

  it('asks once an hour, and nobody waits: a member who became a guest is one from the next act on', async () => {
    person('U0REP');
    await members.get('U0REP');
    await members.get('U0REP');
    expect(asked.filter((id) => id === 'U0REP')).toHaveLength(1);
    person('U0REP', 'guest');
    now = new Date(now.getTime() + 61 * 60_000);

    expect(await roleOf('U0REP')).toBe('rep');

    await eventually(async () => expect(await roleOf('U0REP')).toBe('guest'));
  });

  it('lets in nobody unseen while Slack cannot say who they are, and everybody who was seen', async () => {
    person('U0REP');
    await members.get('U0REP');
    slackIsDown = true;
    now = new Date(now.getTime() + 61 * 60_000);

    await expect(members.get('U0NEW')).rejects.toThrow('Slack is down');
    expect(await roleOf('U0REP')).toBe('rep');
    expect(await roleOf('U0BOSS')).toBe('admin');
  });

  it('gives an address to one person only: who has it now', async () => {
    person('U0OLD');
    await members.get('U0OLD');
    people.set('U0NEW', { ...member('U0OLD'), slackUserId: 'U0NEW' });

    await members.get('U0NEW');

    expect((await members.byEmail('u0old@example.com'))?.slackUserId).toBe('U0NEW');
  });
});

function member(id: string): WorkspaceUser {
  const found = people.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe('granting a role', () => {
  it.each(['bot', 'deactivated', 'outsider'] as const)('is refused for: %s', async (standing) => {
    person('U0ODD', standing);

    const result = await members.grant('U0ODD', 'admin', 'U0BOSS');

    expect(result).toEqual({ kind: 'not_eligible', standing });
    expect(await roleOf('U0ODD')).toBe('guest');
  });

  it('is refused for an id that Slack does not know, and records nobody', async () => {
    expect(await members.grant('U0NOBODY', 'rep', 'U0BOSS')).toEqual({ kind: 'unknown' });

    expect(await database.db.selectFrom('members').select('slack_user_id').execute()).toEqual([]);
    expect(await database.db.selectFrom('audit_log').select('action').execute()).toEqual([]);
  });

  it('fails, and grants nothing, while Slack cannot say who a newcomer is', async () => {
    slackIsDown = true;

    await expect(members.grant('U0NEW', 'admin', 'U0BOSS')).rejects.toThrow('Slack is down');
  });

  it('never takes the role from the last admin', async () => {
    members = directory([]);
    for (const id of ['U0ONE', 'U0TWO', 'U0LEFT']) {
      person(id);
      await members.grant(id, 'admin', 'U0ONE');
    }
    person('U0LEFT', 'deactivated');
    await members.grant('U0LEFT', 'rep', 'U0ONE');

    const results = await Promise.all([
      members.grant('U0ONE', 'rep', 'U0TWO'),
      members.grant('U0TWO', 'manager', 'U0ONE'),
    ]);

    expect(results.map(({ kind }) => kind).sort()).toEqual(['granted', 'last_admin']);
    const roles = [await roleOf('U0ONE'), await roleOf('U0TWO')];
    expect(roles.filter((role) => role === 'admin')).toHaveLength(1);
  });

  it('says so when the configuration names the person an admin', async () => {
    await members.get('U0BOSS');

    expect(await members.grant('U0BOSS', 'rep', 'U0BOSS')).toEqual({ kind: 'configured' });
    expect(await roleOf('U0BOSS')).toBe('admin');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../demo/slack/workspace.ts';
import { createSlackClient } from '../../src/delivery/send/slack-client.ts';
import { createWorkspaceDirectory } from '../../src/delivery/workspace-directory.ts';
import { createCheckedWorkspace } from '../support/checked-workspace.ts';

type Client = Parameters<typeof createWorkspaceDirectory>[0];

/** Answers like Slack for one person; `auth` is what the token says of itself. */
function clientFor(user: object, auth: object = { team_id: 'T1' }) {
  const calls: string[] = [];
  const client = {
    users: {
      info: async () => ({ ok: true, user: { id: 'U1', name: 'sample', ...user } }),
    },
    auth: {
      test: async () => {
        calls.push('auth.test');
        return { ok: true, ...auth };
      },
    },
  } as unknown as Client;
  return { client, calls };
}

describe('what Slack says of a person', () => {
  it.each<[string, object, string]>([
    ['a full member', { team_id: 'T1' }, 'member'],
    ['a multi-channel guest', { team_id: 'T1', is_restricted: true }, 'guest'],
    [
      'a single-channel guest',
      { team_id: 'T1', is_restricted: true, is_ultra_restricted: true },
      'guest',
    ],
    ['somebody of another workspace in a shared channel', { team_id: 'T2' }, 'outsider'],
    ['a stranger', { team_id: 'T2', is_stranger: true }, 'outsider'],
    ['an app', { team_id: 'T1', is_bot: true }, 'bot'],
    ['Slackbot', { id: 'USLACKBOT', team_id: 'T1', is_bot: false }, 'bot'],
    ['a deactivated account', { team_id: 'T1', deleted: true }, 'deactivated'],
    [
      'one of our organisation',
      { team_id: 'E1', enterprise_user: { enterprise_id: 'E1', teams: ['T1'] } },
      'member',
    ],
    [
      'another organisation',
      { team_id: 'E2', enterprise_user: { enterprise_id: 'E2', teams: ['T2'] } },
      'outsider',
    ],
  ])('%s', async (_name, user, standing) => {
    const { client } = clientFor(user, { team_id: 'T1', enterprise_id: 'E1' });
    expect((await createWorkspaceDirectory(client, 'T1').byId('U1'))?.standing).toBe(standing);
    expect((await createWorkspaceDirectory(client).byId('U1'))?.standing).toBe(standing);
  });

  it('needs no second call for people of the configured workspace', async () => {
    const { client, calls } = clientFor({ team_id: 'T1' });
    await createWorkspaceDirectory(client, 'T1').byId('U1');
    expect(calls).toEqual([]);
  });
});

describe('the local workspace', () => {
  let slack: SlackWorkspace;
  beforeAll(async () => {
    slack = await createCheckedWorkspace({ rateLimits: 'off' });
  });
  afterAll(() => slack.close());

  it('knows its people and its app, and nobody else', async () => {
    const client = createSlackClient({ token: slack.botToken, apiUrl: slack.apiUrl });
    const directory = createWorkspaceDirectory(client, slack.teamId);
    const { id, email } = slack.users.repOne;

    expect(await directory.byId(id)).toMatchObject({ slackUserId: id, email, standing: 'member' });
    expect(await directory.byId(slack.botUserId)).toMatchObject({ standing: 'bot' });
    expect(await directory.byId('U0NOBODY')).toBeNull();
    expect(await directory.byEmail('nobody@example.com')).toBeNull();
  });
});

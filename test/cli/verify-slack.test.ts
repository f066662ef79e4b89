import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readManifest } from '../../demo/slack/manifest.ts';
import { APP_TOKEN, type SlackWorkspace } from '../../demo/slack/workspace.ts';
import { runVerifySlack } from '../../src/cli/verify-slack/main.ts';
import { createCheckedWorkspace } from '../support/checked-workspace.ts';
import { printedBy } from '../support/cli.ts';

let slack: SlackWorkspace;
let folder: string;
beforeAll(async () => {
  slack = await createCheckedWorkspace({ rateLimits: 'off', channels: [{ name: 'leads-test' }] });
  folder = await mkdtemp(join(tmpdir(), 'firstcall-verify-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await slack.close();
  await rm(folder, { recursive: true });
});

const out = () => join(folder, 'seen.json');

async function verify(workspace: SlackWorkspace, args: readonly string[], env = {}) {
  const variables = {
    SLACK_API_URL: workspace.apiUrl,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_SIGNING_SECRET: 'sample-signing-secret',
    ...env,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return printedBy(() => runVerifySlack(['--out', out(), ...args]));
}

describe('npm run verify:slack', () => {
  it('plays the main flow, keeps what it saw without tokens, and leaves nothing behind', async () => {
    const { email, id } = slack.users.repOne;
    const { code, stdout } = await verify(slack, ['--channel', '#leads-test', '--user', email], {
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_TEAM_ID: slack.teamId,
    });
    expect(stdout).toContain('12 passed, 0 failed, 0 not tried.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/pass {2}find it by metadata +the very message/);
    expect(slack.state.messages(slack.channelId('leads-test'))).toEqual([]);
    expect(slack.state.ephemerals(id)).toHaveLength(1);
    expect(JSON.stringify(slack.state.home(id))).toContain('First Call checks');
    const seen = await readFile(out(), 'utf8');
    for (const secret of [slack.botToken, APP_TOKEN, email]) expect(seen).not.toContain(secret);
    expect(seen).toContain('"method": "chat.update"');
    expect((await stat(out())).mode & 0o777).toBe(0o600);
  });

  it('says what to do when First Call is not in the channel, and tries what it can', async () => {
    slack.setBotMember('leads-test', false);
    const { code, stdout } = await verify(slack, ['--channel', 'leads-test'], {
      FIRSTCALL_ADMINS: slack.users.admin.email,
    });
    slack.setBotMember('leads-test', true);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /FAIL {2}channel +First Call is not in #leads-test: .*\/invite @First Call/,
    );
    expect(stdout).toMatch(/ - +post a board +It needs a channel: see above\./);
    expect(stdout).toMatch(/pass {2}App Home/);
  });

  it.each([
    ['a name that nobody has', ['--channel', 'nowhere'], {}, /Slack shows no channel nowhere/],
    [
      'another workspace',
      ['--channel', 'leads-test'],
      { SLACK_TEAM_ID: 'T0OTHER' },
      /not the workspace/,
    ],
    [
      'a wrong token',
      ['--channel', 'leads-test'],
      { SLACK_BOT_TOKEN: 'xoxb-wrong' },
      /copy it again/,
    ],
    [
      'nobody',
      ['--channel', 'leads-test', '--user', 'x@example.com'],
      {},
      /nobody with this address/,
    ],
  ])('%s', async (_name, args, env, wanted) => {
    const { code, stdout } = await verify(slack, args, env);
    expect(stdout).toMatch(wanted);
    expect(code).toBe(1);
    expect(slack.state.messages(slack.channelId('leads-test'))).toEqual([]);
  });

  it('takes the board away also when a later step fails', async () => {
    slack.faults.add({ operation: 'chat.update', fault: { kind: 'error', error: 'fatal_error' } });
    const { code, stdout } = await verify(slack, ['--channel', 'leads-test']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}update it/);
    expect(slack.state.messages(slack.channelId('leads-test'))).toEqual([]);
  });

  it('names the scopes that are missing', async () => {
    const whole = readManifest();
    const left = ['im:history', 'users:read.email'];
    const botScopes = whole.botScopes.filter((scope) => !left.includes(scope));
    const poor = await createCheckedWorkspace({ manifest: { ...whole, botScopes } });
    const { code, stdout } = await verify(poor, ['--channel', 'leads-growth']);
    await poor.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}scopes +Missing: .*(im:history|users:read\.email)/);
  });

  it('is not understood without a channel', async () => {
    expect(await verify(slack, [])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/usage:/),
    });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSalesforce, type Salesforce } from '../../demo/salesforce/salesforce.ts';
import { FIRST_CALL_FIELDS } from '../../demo/salesforce/schema.ts';
import { APP_TOKEN, type SlackWorkspace } from '../../demo/slack/workspace.ts';
import { checkSalesforce } from '../../src/cli/init/check-salesforce.ts';
import { checkAppToken, checkBotToken, checkPerson } from '../../src/cli/init/check-slack.ts';
import { withValues } from '../../src/cli/init/env-file.ts';
import { openTerminal } from '../../src/cli/init/terminal.ts';
import { createCheckedWorkspace } from '../support/checked-workspace.ts';
import { runCli } from '../support/cli.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const BEFORE = '# ours\nLOG_LEVEL=debug\nSLACK_TEAM_ID=\n\nOTHER_TOOL="keep me" # as it is\n';

let slack: SlackWorkspace;
let salesforce: Salesforce;
let folder: string;
beforeAll(async () => {
  slack = await createCheckedWorkspace({ rateLimits: 'off' });
  const customFields = FIRST_CALL_FIELDS.filter(({ name }) => name !== 'First_Call_Tier__c');
  salesforce = await createSalesforce({ customFields });
  folder = await mkdtemp(join(tmpdir(), 'firstcall-init-'));
  await writeFile(join(folder, '.env'), BEFORE, { mode: 0o644 });
});
afterAll(async () => {
  await slack.close();
  await salesforce.close();
  await rm(folder, { recursive: true });
});

const site = (token: string) => ({ token, apiUrl: slack.apiUrl });
const envText = () => readFile(join(folder, '.env'), 'utf8');

async function init(answers: readonly string[], args: string[] = [], env = {}) {
  const stdin = answers.map((line) => `${line}\n`).join('');
  const { code, stdout, stderr } = await runCli(['init', ...args], {
    ...{ cwd: folder, stdin, env: { SLACK_API_URL: slack.apiUrl, ...env } },
  });
  expect(stderr).toBe('');
  for (const secret of [slack.botToken, SECRET, APP_TOKEN, salesforce.app.clientSecret, 'whsec_']) {
    expect(stdout).not.toContain(secret);
  }
  return { code, stdout };
}

describe('npx firstcall init', () => {
  it('checks what it is given, says how to mend it, and writes .env for its owner alone', async () => {
    const { clientId, clientSecret } = salesforce.app;
    const { code, stdout } = await init([
      ...[
        'xoxp-somebody',
        'xoxb-wrong',
        slack.botToken,
        'short',
        SECRET,
        slack.botToken,
        APP_TOKEN,
      ],
      ...['nobody@example.com', slack.users.admin.email],
      ...[
        '1',
        salesforce.url,
        clientId,
        'wrong-secret',
        '1',
        salesforce.url,
        clientId,
        clientSecret,
      ],
      'web-shop',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/not a bot token[\s\S]*does not know this token: copy it again/);
    expect(stdout).toContain('The token works: firstcall in First Call sample workspace.');
    expect(stdout).toContain('A signing secret has 32 letters and digits');
    expect(stdout).toMatch(
      /This is not an app-level token: make one with the scope connections:write/,
    );
    expect(stdout).toContain('Slack has nobody with this e-mail address');
    expect(stdout).toContain('Sample Admin is the first admin.');
    expect(stdout).toContain('Salesforce refuses the consumer secret');
    expect(stdout).toContain('Lead lacks 1 of our fields: First_Call_Tier__c.');
    expect(stdout).toContain('/webhooks/leads/web-shop');

    const text = await envText();
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect(text).toContain(
      `# ours\nLOG_LEVEL=debug\nSLACK_TEAM_ID=${slack.teamId}\n\nOTHER_TOOL="keep me" # as it is\n`,
    );
    expect(text).toContain(`\nSLACK_BOT_TOKEN=${slack.botToken}\n`);
    expect(text).toMatch(/\nWEBHOOK_SECRET_WEB_SHOP=whsec_[A-Za-z0-9+/]{43}=\n/);
    expect(text).toContain(`\nSALESFORCE_LOGIN_URL=${salesforce.url}\n`);
  });

  it('asks before it changes what is there, and leaves the file alone when nothing is new', async () => {
    const before = await envText();
    const { code, stdout } = await init(['', 'y', 'Y', 'yes', '']);
    expect(code).toBe(0);
    expect(stdout).toContain('The bot token is set already. Keep it? (Y/n)');
    expect(stdout).toContain('Nothing is new: .env stays as it is.');
    expect(await envText()).toBe(before);
  });

  it('says what is still missing, and survives an input that ends early', async () => {
    await writeFile(join(folder, '.env'), '');
    const { code, stdout } = await init([slack.botToken]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Still to do before First Call starts:\n {2}SLACK_SIGNING_SECRET is missing/,
    );
    expect(await envText()).toContain('SLACK_BOT_TOKEN=');
  });

  it('--yes takes all from the environment, and writes nothing when something does not work', async () => {
    const { clientId, clientSecret } = salesforce.app;
    const env = {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: SECRET,
      SALESFORCE_LOGIN_URL: salesforce.url,
      SALESFORCE_CLIENT_ID: clientId,
      SALESFORCE_CLIENT_SECRET: clientSecret,
    };
    await writeFile(join(folder, '.env'), BEFORE);
    const wrong = await init([], ['--yes'], { ...env, SLACK_APP_TOKEN: 'xapp-wrong' });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toMatch(
      /SLACK_BOT_TOKEN: works\nSLACK_APP_TOKEN: Slack does not know this/,
    );
    expect(await envText()).toBe(BEFORE);
    const good = await init([], ['--yes'], env);
    expect(good.code).toBe(0);
    expect(await envText()).toMatch(/SLACK_TEAM_ID=T\d+\n[\s\S]*WEBHOOK_SECRET_WEBSITE=whsec_/);
  });
});

describe('what Slack says', () => {
  it.each([
    ['invalid_auth', /copy it again/],
    ['token_revoked', /install the app in the workspace again/],
    ['team_access_not_granted', /Slack answers "team_access_not_granted"/],
  ])('%s', async (error, wanted) => {
    slack.setTokenError(error);
    const checked = await checkBotToken(site(slack.botToken));
    slack.setTokenError(undefined);
    expect(checked).toMatchObject({ ok: false, problem: expect.stringMatching(wanted) });
  });

  it('the app token, a person by id, and a Slack that is not there', async () => {
    expect(await checkAppToken(site(APP_TOKEN))).toEqual({ ok: true });
    const { id, realName } = slack.users.repOne;
    expect(await checkPerson(site(slack.botToken), id)).toMatchObject({ ok: true, name: realName });
    const away = { token: slack.botToken, apiUrl: 'http://127.0.0.1:9/api/' };
    expect(await checkBotToken(away)).toMatchObject({
      problem: 'Slack cannot be reached: check the network or the proxy.',
    });
  });
});

describe('a Salesforce login with a private key', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const check = (url: string, privateKey: string, username: string) =>
    checkSalesforce({
      ...{ loginUrl: url, apiVersion: '65.0' },
      auth: { kind: 'jwt-bearer', clientId: salesforce.app.clientId, privateKey, username },
    });

  it('works with the key of the certificate, and says what is wrong otherwise', async () => {
    const org = await createSalesforce({ publicKey: pair.publicKey });
    const user = org.integrationUser.username;
    expect(await check(org.url, pair.privateKey, user)).toEqual({
      ...{ ok: true, missing: [], readOnly: [] },
    });
    expect(await check(org.url, 'no key', user)).toMatchObject({
      problem: expect.stringMatching(/^The private key cannot be read/),
    });
    expect(await check(org.url, pair.privateKey, 'nobody@example.com')).toMatchObject({
      problem: expect.stringMatching(/^Salesforce lets this user not in/),
    });
    expect(await check('my-domain', pair.privateKey, user)).toMatchObject({
      problem: expect.stringMatching(/does not start with https/),
    });
    await org.close();
    expect(await check(org.url, pair.privateKey, user)).toMatchObject({
      problem: expect.stringMatching(/^Salesforce cannot be reached/),
    });
  });
});

describe('.env', () => {
  it('keeps other lines, replaces in place, drops a second line of the same name', () => {
    const text = 'A=1\n# B=comment\nexport B=2\nB=3\nC=4';
    const values = new Map([
      ['B', 'two words'],
      ['D', 'say "x"'],
      ['E', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n'],
    ]);
    expect(withValues(text, values)).toBe(
      'A=1\n# B=comment\nB="two words"\nC=4\nD=\'say "x"\'\nE="-----BEGIN KEY-----\\nabc\\n-----END KEY-----"\n',
    );
    expect(withValues('', new Map())).toBe('');
  });

  it.each(['"', "'", '`'])('takes a value over several lines, in %s, for one', (quote) => {
    const key = `${quote}-----BEGIN KEY-----\nabc=\nB=not ours\n-----END KEY-----${quote}`;
    const text = `A=1\nKEY=${key} # old\nOTHER=${key}\nexport KEY=${key}\nB=2\n`;
    expect(
      withValues(
        text,
        new Map([
          ['KEY', 'new'],
          ['B', '3'],
        ]),
      ),
    ).toBe(`A=1\nKEY=new\nOTHER=${key}\nB=3\n`);
  });

  it('takes a quote that nothing closes for a part of its line', () => {
    const text = `A="open\nB='x\nC=5 o'clock\n`;
    expect(withValues(text, new Map([['A', '1']]))).toBe(`A=1\nB='x\nC=5 o'clock\n`);
  });
});

describe('a terminal', () => {
  it('shows the question and nothing of a hidden answer', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = new PassThrough();
    let seen = '';
    output.on('data', (chunk) => {
      seen += chunk;
    });
    const terminal = openTerminal({ input, output });
    const first = terminal.askHidden('Secret:');
    input.write('hidden-words\u007f\r');
    expect(await first).toBe('hidden-word');
    const second = terminal.ask('Name:');
    input.write('shown-words\r');
    expect(await second).toBe('shown-words');
    terminal.close();
    expect(seen).toMatch(/Secret:/);
    expect(seen).toContain('shown-words');
    expect(seen).not.toMatch(/hidden|word\b/);
  });
});

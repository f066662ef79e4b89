import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.ts';

const PEM = { type: 'pkcs8', format: 'pem' } as const;
const RSA_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export(PEM)
  .toString();
const EC_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(PEM).toString();
const WHSEC = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

describe('readConfig', () => {
  it('starts from nothing: embedded Postgres, no Redis, no Slack', () => {
    const read = readConfig({});

    expect(read).toMatchObject({
      ok: true,
      config: {
        port: 8080,
        databaseUrl: undefined,
        redisUrl: undefined,
        slack: undefined,
        sources: [],
      },
    });
  });

  it('names every problem at once, and never a value', () => {
    const read = readConfig({
      PORT: 'eighty',
      DATABASE_URL: 'mysql://secret-host/x',
      SLACK_BOT_TOKEN: 'xoxp-secret-token',
      WEBHOOK_SECRET_WEBSITE: 'secret-webhook-key',
      SALESFORCE_ORGANIZATION_ID: 'secret-org',
    });

    if (read.ok) throw new Error('accepted');
    const text = read.problems.join('\n');
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'SLACK_BOT_TOKEN',
      'WEBHOOK_SECRET_WEBSITE',
      'SALESFORCE_ORGANIZATION_ID',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).not.toContain('secret-');
  });

  it('keeps the name of test leads for itself', () => {
    const read = readConfig({ WEBHOOK_SECRET_TEST_LEAD: WHSEC });
    expect(read).toMatchObject({
      problems: [expect.stringMatching(/^WEBHOOK_SECRET_TEST_LEAD is reserved for/)],
    });
  });

  it('declares a source for each webhook secret, two secrets while one is rotated', () => {
    const read = readConfig({ WEBHOOK_SECRET_WEB_FORM: `${WHSEC}, ${WHSEC}` });

    if (!read.ok) throw new Error(read.problems.join());
    expect(read.config.sources).toEqual([
      { name: 'web-form', kind: 'standard-webhooks', secrets: [WHSEC, WHSEC] },
    ]);
  });

  const bytes = (count: number) => `whsec_${Buffer.alloc(count, 1).toString('base64')}`;
  it.each([
    ...[',', ' , ', `whsec_${'='.repeat(37)}`, `${WHSEC},whsec_${'='.repeat(40)}`],
    ...[bytes(23), bytes(65), `whsec_${'A'.repeat(20)}=${'A'.repeat(20)}`],
  ])('takes nothing for a webhook secret that is none: %s', (secret) => {
    expect(readConfig({ WEBHOOK_SECRET_WEBSITE: secret })).toEqual({
      ok: false,
      problems: [
        'WEBHOOK_SECRET_WEBSITE must be whsec_ and the base64 of 24 to 64 bytes (several: comma between).',
      ],
    });
  });

  it.each([24, 25, 26, 64])('takes a webhook secret of %i bytes', (count) => {
    expect(readConfig({ WEBHOOK_SECRET_WEBSITE: bytes(count) }).ok).toBe(true);
  });

  it('reads the private key of Salesforce, line ends written out or not', () => {
    const login = { SALESFORCE_CLIENT_ID: 'x', SALESFORCE_USERNAME: 'x' };
    for (const key of [RSA_KEY, RSA_KEY.replaceAll('\n', '\\n')]) {
      expect(readConfig({ ...login, SALESFORCE_PRIVATE_KEY: key }).ok).toBe(true);
    }
    for (const key of ['notakey', EC_KEY, RSA_KEY.slice(0, 400)]) {
      expect(readConfig({ ...login, SALESFORCE_PRIVATE_KEY: key })).toEqual({
        ok: false,
        problems: [
          'SALESFORCE_PRIVATE_KEY must be an RSA private key as PEM, without a passphrase: it starts with -----BEGIN.',
        ],
      });
    }
  });

  it('names what is missing as well when something else is wrong', () => {
    const read = readConfig({
      PORT: '80801',
      LOG_LEVEL: 'loud',
      SLACK_API_URL: 'slack.example',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SALESFORCE_CLIENT_SECRET: 'x',
      SALESFORCE_API_VERSION: 'v65',
      FIRSTCALL_ADMINS: 'admin@sales.example, nobody',
    });

    expect(read).toEqual({
      ok: false,
      problems: [
        'PORT must be a whole number from 0 to 65535.',
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
        'FIRSTCALL_ADMINS must be e-mail addresses or Slack member ids such as U0123ABCD.',
        'SLACK_API_URL must be a web address: it starts with https://.',
        'SALESFORCE_API_VERSION must be a version of the API: it looks like 65.0.',
        expect.stringMatching(/^SLACK_SIGNING_SECRET is missing: .+\.$/),
        expect.stringMatching(/^SALESFORCE_CLIENT_ID is missing: .+\.$/),
      ],
    });
  });

  it.each([['1e3', '0x50', '-1', '65536', '8080.0', ' ']])(
    'takes no odd spelling for a port: %s',
    (...ports) => {
      for (const PORT of ports) expect(readConfig({ PORT }).ok).toBe(false);
    },
  );

  it.each<[Record<string, string>, string[]]>([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_SIGNING_SECRET']],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']],
    [{ SALESFORCE_CLIENT_SECRET: 'x' }, ['SALESFORCE_CLIENT_ID']],
    [{ SALESFORCE_CLIENT_ID: 'x' }, ['SALESFORCE_CLIENT_SECRET']],
    [{ SALESFORCE_CLIENT_ID: 'x', SALESFORCE_USERNAME: 'x' }, ['SALESFORCE_PRIVATE_KEY']],
    [{ SALESFORCE_PRIVATE_KEY: RSA_KEY }, ['SALESFORCE_CLIENT_ID', 'SALESFORCE_USERNAME']],
  ])('wants all halves of what was begun: %o', (env, missing) => {
    const read = readConfig(env);
    const names = read.ok ? [] : read.problems.map((problem) => problem.split(' ', 1)[0]);
    expect(names).toEqual(missing);
  });

  it.each([
    ['SLACK_BOT_TOKN', 'SLACK_BOT_TOKEN'],
    ['SLACK_SIGNING_SECRETS', 'SLACK_SIGNING_SECRET'],
    ['SALESFORCE_USER_NAME', 'SALESFORCE_USERNAME'],
    ['SALESFORCE_ORGANISATION_ID', 'SALESFORCE_ORGANIZATION_ID'],
    ['FIRST_CALL_ADMINS', 'FIRSTCALL_ADMINS'],
  ])('knows what %s was meant to be', (wrong, right) => {
    expect(readConfig({ [wrong]: 'secret-value' })).toEqual({
      ok: false,
      problems: [`${wrong} is not a variable of First Call: did you mean ${right}?`],
    });
  });

  it('leaves the variables of others alone', () => {
    const others = { SLACK_WEBHOOK_URL: 'x', SALESFORCE_CLI: 'x', FIRSTCALL_SEED: '1', PATH: '/' };
    expect(readConfig(others).ok).toBe(true);
  });

  it('takes an empty variable for an absent one, as compose files write them', () => {
    expect(readConfig({ REDIS_URL: '', SLACK_APP_TOKEN: '' }).ok).toBe(true);
  });
});

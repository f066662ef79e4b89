import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.ts';

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

  it('declares a source for each webhook secret, two secrets while one is rotated', () => {
    const read = readConfig({ WEBHOOK_SECRET_WEB_FORM: `${WHSEC}, ${WHSEC}` });

    if (!read.ok) throw new Error(read.problems.join());
    expect(read.config.sources).toEqual([
      { name: 'web-form', kind: 'standard-webhooks', secrets: [WHSEC, WHSEC] },
    ]);
  });

  it('wants both halves of Slack, and of Salesforce', () => {
    const slack = readConfig({ SLACK_BOT_TOKEN: 'xoxb-1' });
    const salesforce = readConfig({ SALESFORCE_CLIENT_SECRET: 'x' });

    expect(slack).toEqual({ ok: false, problems: ['SLACK_SIGNING_SECRET is missing'] });
    expect(salesforce).toEqual({ ok: false, problems: ['SALESFORCE_CLIENT_ID is missing'] });
  });

  it('takes an empty variable for an absent one, as compose files write them', () => {
    expect(readConfig({ REDIS_URL: '', SLACK_APP_TOKEN: '' }).ok).toBe(true);
  });
});

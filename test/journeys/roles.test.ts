import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/platform/clock.ts';
import {
  createWorld,
  sampleLead,
  signedWebhook,
  testConfig,
  testLogger,
  type World,
} from '../support/world.ts';

describe('web and worker as processes of their own', () => {
  let world: World;
  let web: App;
  let worker: App;

  beforeAll(async () => {
    world = await createWorld();
    await world.app.stop();
    const config = testConfig(world.database.url, world.slack, {});
    web = await startApp({ config, role: 'web', log: testLogger() });
  });
  afterAll(async () => {
    await web.stop();
    await worker.stop();
    await world.slack.close();
    await world.database.drop();
  });

  it('keeps what the web role took until a worker comes, then shows it', async () => {
    const answer = await fetch(
      `${web.url}/webhooks/leads/website`,
      signedWebhook(sampleLead({ company: 'Sample Roles' }), {}, systemClock.now()),
    );
    expect(answer.status).toBe(200);
    expect(world.slack.journal.posts()).toHaveLength(0);

    const config = testConfig(world.database.url, world.slack, {});
    worker = await startApp({ config, role: 'worker', log: testLogger() });

    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
    const refused = await fetch(
      `${worker.url}/webhooks/leads/website`,
      signedWebhook(sampleLead(), {}, systemClock.now()),
    );
    expect(refused.status).toBe(404);
    await vi.waitFor(
      () => expect(JSON.stringify(world.slack.journal.posts())).toContain('Sample Roles'),
      { timeout: 20_000, interval: 100 },
    );
  });

  it.each([
    ['POST', '/webhooks/leads/website/'],
    ['PUT', '/webhooks/leads/website'],
    ['POST', '/webhooks/leads/%ff'],
    ['POST', `/webhooks/leads/${'x'.repeat(200)}`],
    ['GET', '/'],
  ])('answers a wrong address in the form of all refusals: %s %s', async (method, path) => {
    const body = method === 'GET' ? null : '<not json>';
    const headers = { 'content-type': 'text/xml' };
    const answer = await fetch(`${web.url}${path}`, { method, body, headers });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      code: 'address_unknown',
      message: expect.stringMatching(/^Nothing takes this request: .+\.$/),
    });
  });

  it('answers health, readiness and metrics, without a person in them', async () => {
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${web.url}/metrics`)).text();
    expect(metrics).toContain('firstcall_webhooks_total{source="website",result="stored"} 1');
    expect(metrics).toContain('firstcall_held_leads{why="broken"} 0');
    expect(metrics).not.toContain('Sample');
  });
});

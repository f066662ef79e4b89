import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { isLongRun, seed } from '../support/effort.ts';
import { createLeadLoad } from '../support/reliability/lead-load.ts';
import { createLoadWorld, type LoadWorld } from '../support/reliability/load-world.ts';
import { drawBoards, expectNothingLost } from '../support/reliability/nothing-lost.ts';
import { startOwnPostgres } from '../support/reliability/own-postgres.ts';
import { createRandom } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';

/* What the app talks to goes down under load and comes back; the app goes on by itself. */

const LEADS = 400;
const SETTLED_WITHIN_MS = 90_000;

let world: LoadWorld;
afterEach(() => world.close());

async function expectAllDelivered(): Promise<void> {
  await world.sender.allAcknowledged();
  await nothingLeft(world.database, ['events', 'leads'], SETTLED_WITHIN_MS);
  const accounts = { ...world, acknowledged: world.sender.acknowledged };
  await drawBoards(accounts);
  await nothingLeft(world.database, ['effects'], SETTLED_WITHIN_MS);
  await expectNothingLost(accounts);
}

describe.runIf(isLongRun)(`Postgres is killed while webhooks come in (seed ${seed})`, () => {
  it('answers 503 and takes them later; nothing is lost, without a restart of the app', async () => {
    const postgres = await startOwnPostgres();
    world = await createLoadWorld({ teams: 4, database: postgres, rateLimits: 'off' });
    const load = createLeadLoad(createRandom(seed), world.teams);
    for (let third = 0; third < 3; third += 1) {
      for (const lead of load.batch(Math.ceil(LEADS / 3))) {
        void world.sender.send(lead);
        await delay(5);
      }
      await postgres.kill();
    }

    await expectAllDelivered();

    expect([...world.sender.refusals.keys()].every((status) => status === 503)).toBe(true);
    expect(world.sender.refusals.get(503)).toBeGreaterThan(0);
  }, 240_000);
});

describe.runIf(isLongRun)(`Slack is in trouble under load (seed ${seed})`, () => {
  it('429, 5xx, lost answers and timeouts, also after the message was posted: nothing twice', async () => {
    world = await createLoadWorld({ teams: 4 });
    const { faults } = world.slack;
    for (const operation of ['chat.postMessage', 'chat.update']) {
      faults.add({ operation, fault: { kind: 'rate-limited', retryAfterSeconds: 1 }, times: 2 });
      faults.add({ operation, fault: { kind: 'http-error', status: 503 }, times: 2 });
      faults.add({ operation, fault: { kind: 'http-error-after-commit', status: 502 }, times: 2 });
      faults.add({ operation, fault: { kind: 'drop-after-commit' }, times: 2 });
      faults.add({ operation, fault: { kind: 'drop-before' }, times: 2 });
      // Longer than the client waits.
      faults.add({ operation, fault: { kind: 'slow-after-commit', ms: 11_000 } });
    }
    faults.add({ operation: 'conversations.history', fault: { kind: 'drop-before' } });
    const load = createLeadLoad(createRandom(seed), world.teams);
    const hot = world.teams.flatMap((team) => load.batch(1, team));
    for (const lead of [...hot, ...load.batch(LEADS)]) void world.sender.send(lead);

    await expectAllDelivered();
  }, 240_000);
});

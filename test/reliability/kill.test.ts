import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effort, seed } from '../support/effort.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { createKillWorld, type KillWorld } from '../support/reliability/kill-world.ts';
import { createLeadLoad, type LeadLoad } from '../support/reliability/lead-load.ts';
import { drawBoards, expectNothingLost } from '../support/reliability/nothing-lost.ts';
import { createRandom, type RandomChoices } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';
import { KILL_WINDOWS, type KillWindow } from './kill-windows.ts';

/*
 * kill -9 between any two steps, under load, on both queue backends. The process dies while a statement or
 * a Slack call is held in mid-air by what stands between it and the world, so the product has no failpoints.
 */
/** Kills in each window at full size; FIRSTCALL_KILLS lowers it where time is short, as CI does. */
const ALL_KILLS = Number(process.env.FIRSTCALL_KILLS ?? 20);
const LEADS = effort(40, 100 * ALL_KILLS);
const KILLS = effort(1, ALL_KILLS);
const TEAMS = effort(5, 24);
const ATTEMPTS = 3 * KILLS;
const HOLD_MS = 10_000;
const LIMIT_MS = effort(120_000, 15 * 60_000);
const SETTLE_MS = effort(30_000, 180_000);

const redis: TestRedis | null = await startTestRedis();
afterAll(() => redis?.stop());

const backends = [
  { backend: 'Postgres', redisUrl: undefined, runs: true },
  { backend: 'Redis', redisUrl: redis?.url, runs: redis !== null },
];

for (const { backend, redisUrl, runs } of backends) {
  describe.skipIf(!runs)(`killed at any point, queue on ${backend}`, () => {
    let world: KillWorld;
    beforeAll(async () => {
      world = await createKillWorld({ redisUrl, teams: TEAMS });
    });
    afterAll(() => world.close());

    it(
      `loses nothing and does nothing twice (seed ${seed})`,
      async () => {
        const random = createRandom(seed);
        const load = createLeadLoad(random, world.teams);
        const perKill = Math.ceil(LEADS / (KILLS * KILL_WINDOWS.length));
        const kills = new Map<string, number>();
        for (let round = 0; round < KILLS; round += 1) {
          for (const [index, window] of KILL_WINDOWS.entries()) {
            const turn = round * KILL_WINDOWS.length + index;
            const hit = await killIn(world, window, { load, random, perKill, turn });
            if (hit) kills.set(window.name, (kills.get(window.name) ?? 0) + 1);
          }
        }

        await world.sender.allAcknowledged();
        await nothingLeft(world.database, ['events', 'leads'], SETTLE_MS);
        await drawBoards({ ...world, acknowledged: world.sender.acknowledged });
        await nothingLeft(world.database, ['events', 'leads', 'effects'], SETTLE_MS);

        process.stdout.write(`kills on ${backend}: ${JSON.stringify(Object.fromEntries(kills))}\n`);
        expect(Object.fromEntries(kills)).toEqual(
          Object.fromEntries(KILL_WINDOWS.map(({ name }) => [name, KILLS])),
        );
        expect(world.sender.acknowledged.length).toBeGreaterThanOrEqual(LEADS);
        await expectNothingLost({ ...world, acknowledged: world.sender.acknowledged });
      },
      LIMIT_MS,
    );
  });
}

interface Drill {
  load: LeadLoad;
  random: RandomChoices;
  perKill: number;
  turn: number;
}

/** Arms the window, sends leads until something runs into it, kills, starts again. */
async function killIn(world: KillWorld, window: KillWindow, drill: Drill): Promise<boolean> {
  const { slack, salesforce, postgres, redis: queue, app, sender, teams } = world;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const trap = window.arm({ postgres, redis: queue, slack, salesforce, random: drill.random });
    const hot = teams[(drill.turn + attempt) % teams.length];
    const before = sender.acknowledged.length;
    const size = attempt === 0 ? drill.perKill : 2;
    for (const lead of drill.load.batch(size, hot)) void sender.send(lead);
    const hit = await Promise.race([
      trap.reached.then(() => true),
      delay(HOLD_MS, false, { ref: false }),
    ]);
    if (hit) {
      if (window.name === 'ack to enqueue') {
        await expect
          .poll(() => sender.acknowledged.length, { timeout: HOLD_MS })
          .toBeGreaterThan(before);
      }
      await app.kill();
    }
    // Whatever was held was the dead process's: it must not run after all.
    if (hit) postgres.cut();
    trap.release();
    if (!hit) continue;
    await app.start();
    return true;
  }
  return false;
}

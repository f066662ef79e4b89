import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { seed } from '../support/effort.ts';
import { createKillWorld, type KillWorld } from '../support/reliability/kill-world.ts';
import { createLeadLoad, type LeadLoad } from '../support/reliability/lead-load.ts';
import { expectNothingLost } from '../support/reliability/nothing-lost.ts';
import { createRandom, type RandomChoices } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';
import { KILL_WINDOWS, type KillWindow } from './kill-windows.ts';

/*
 * kill -9 between any two steps, under load. The process dies while a statement or a call is held in mid-air
 * by what stands between it and the world, so the product has no failpoints.
 */
/** Kills in each named window; FIRSTCALL_KILLS lowers it where time is short. */
const KILLS = Number(process.env.FIRSTCALL_KILLS ?? 20);
const LEADS = 100 * KILLS;
const TEAMS = 24;
const HOLD_MS = 10_000;
/** Tries until something runs into a window: the CRM's may be a minute away, after the kills before. */
const ATTEMPTS = 20;
const SETTLE_MS = 180_000;
export const KILL_LIMIT_MS = 30 * 60_000;

/** Kills in every window, in turns; then everything acknowledged is accounted for. */
export async function expectSurvivesKills(redisUrl: string | undefined): Promise<void> {
  const world = await createKillWorld({ redisUrl, teams: TEAMS });
  try {
    const kills = await killInTurns(world);
    const accounts = { ...world, acknowledged: world.sender.acknowledged };
    await world.sender.allAcknowledged();
    await nothingLeft(world.database, ['events', 'leads'], SETTLE_MS);
    await nothingLeft(world.database, ['events', 'leads', 'effects'], SETTLE_MS);

    process.stdout.write(`kills (FIRSTCALL_SEED=${seed}): ${JSON.stringify(kills)}\n`);
    expect(kills).toEqual(
      Object.fromEntries(KILL_WINDOWS.map((each) => [each.name, killsIn(each)])),
    );
    expect(world.sender.acknowledged.length).toBeGreaterThanOrEqual(LEADS);
    await expectNothingLost(accounts);
  } finally {
    await world.close();
  }
}

function killsIn(window: KillWindow): number {
  return Math.ceil(KILLS * (window.share ?? 1));
}

async function killInTurns(world: KillWorld): Promise<Record<string, number>> {
  const random = createRandom(seed);
  const load = createLeadLoad(random, world.teams);
  const total = KILL_WINDOWS.reduce((sum, window) => sum + killsIn(window), 0);
  const perKill = Math.ceil(LEADS / total);
  const kills: Record<string, number> = {};
  let turn = 0;
  for (let round = 0; round < KILLS; round += 1) {
    for (const window of KILL_WINDOWS.filter((each) => round < killsIn(each))) {
      await killIn(world, window, { load, random, perKill, turn });
      kills[window.name] = (kills[window.name] ?? 0) + 1;
      turn += 1;
    }
  }
  return kills;
}

interface Drill {
  load: LeadLoad;
  random: RandomChoices;
  perKill: number;
  turn: number;
}

/**
 * Arms the window, sends leads until something runs into it, kills, starts again.
 *
 * @throws when nothing runs into it: the product does not pass there any more
 */
async function killIn(world: KillWorld, window: KillWindow, drill: Drill): Promise<void> {
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
    return;
  }
  throw new Error(`nothing ran into "${window.name}" in ${ATTEMPTS} tries`);
}

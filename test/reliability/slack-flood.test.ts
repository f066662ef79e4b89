import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SlackCall } from '../../demo/slack/journal.ts';
import { SLACK_RATE_LIMITS } from '../../demo/slack/rate-limits.ts';
import { rankedOpenLeads } from '../../src/delivery/queries/board-query.ts';
import { quantile } from '../../src/evaluation/quantile.ts';
import { isLongRun, seed } from '../support/effort.ts';
import { boardCalls, shownBoard } from '../support/reliability/board-journal.ts';
import { createFloodWorld, type FloodWorld } from '../support/reliability/flood-world.ts';
import { type PostedLead, postLeads } from '../support/reliability/posted-leads.ts';
import { createRandom } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';

/*
 * Eight channels full of leads, thousands more at once, people who click meanwhile, and a Slack that answers 429
 * to a third of the calls and to every call in a ninth channel.
 */

const CHANNELS = 8;
const OPEN = 300;
const BURST = 5_000;
const CLICK_EVERY_MS = 250;
/** Between the first and the last board that is right. */
const SPREAD_S = 100;
const CORRECT_WITHIN_MS = 120_000;

let world: FloodWorld;
let posted: PostedLead[];
describe.runIf(isLongRun)('a flood', () => {
  beforeAll(async () => {
    world = await createFloodWorld(CHANNELS + 1, createRandom(seed));
    refuseAll(world.slack.channelId(world.teams[CHANNELS]?.channel ?? ''));
    await world.send((CHANNELS + 1) * OPEN, { each: 250, lanes: 1 });
    await nothingLeft(world.database, ['events', 'leads'], 180_000);
    const { slack, database } = world;
    slack.setRateLimits('off');
    posted = await postLeads(slack, database, { most: 200 });
    slack.setRateLimits(SLACK_RATE_LIMITS);
    refuseEveryThird();
  }, 300_000);
  afterAll(() => world.close());

  it(`${BURST} leads at once: limits kept, boards right, no channel waits for another`, async () => {
    const { slack, teams } = world;
    const ids = teams.map(({ channel }) => slack.channelId(channel));
    const refusedId = ids[CHANNELS] ?? '';
    const good = ids.slice(0, CHANNELS);

    const clicks = new AbortController();
    const acks = clickMeanwhile(clicks.signal);
    const startedAt = performance.now();
    await world.send(BURST, { each: 1, lanes: 32 });
    await nothingLeft(world.database, ['events', 'leads'], 400_000);
    const scoredMs = performance.now() - startedAt;
    clicks.abort();
    const ackMs = (await acks).toSorted((a, b) => a - b);
    const p99 = quantile(ackMs, 0.99) ?? Number.NaN;
    const scoredAt = world.clock.now();

    const correctAt = await allCorrect(good);
    const seconds = correctAt.map((at) => (at.getTime() - scoredAt.getTime()) / 1_000);
    const updates = busiestMinute(ours('chat.update'));
    process.stdout.write(
      `flood of ${BURST}: scored in ${(scoredMs / 1_000).toFixed(1)} s; ${ackMs.length} clicks meanwhile, ` +
        `acks p50 ${(quantile(ackMs, 0.5) ?? Number.NaN).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; ` +
        `boards right after ${Math.min(...seconds).toFixed(0)} to ${Math.max(...seconds).toFixed(0)} s; ` +
        `at most ${updates} updates a minute; ${callsTo(refusedId).length} calls in vain\n`,
    );
    expect(p99).toBeLessThan(1_000);
    expectLimitsKept(good);
    // Its own waits grow: it takes next to nothing of what the others share.
    const inVain = callsTo(refusedId);
    expect(inVain.filter((call) => call.committed)).toEqual([]);
    expect(inVain.length).toBeGreaterThan(3);
    const minutes = (world.clock.now().getTime() - (inVain[0]?.at.getTime() ?? 0)) / 60_000;
    expect(inVain.length).toBeLessThan(7 + 2 * minutes);
    // The pace of a board is half a minute, and its refused calls come on top.
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeLessThan(SPREAD_S);
    expect([...slack.journal.duplicatePosts().keys()]).toEqual([]);
    expect(slack.journal.violations).toEqual([]);
  }, 900_000);
});

function refuseAll(target: string): void {
  world.slack.faults.add({
    ...{ operation: '*', target, times: Number.POSITIVE_INFINITY },
    fault: { kind: 'rate-limited', retryAfterSeconds: 1 },
  });
}

function refuseEveryThird(): void {
  for (const operation of ['chat.postMessage', 'chat.update', 'conversations.history']) {
    world.slack.faults.add({
      ...{ operation, every: 3, times: Number.POSITIVE_INFINITY },
      fault: { kind: 'rate-limited', retryAfterSeconds: 2 },
    });
  }
}

/** People accept leads and ask for help; how long each acknowledgement took. */
async function clickMeanwhile(signal: AbortSignal): Promise<number[]> {
  const elapsed: Promise<number>[] = [];
  for (let index = 0; !signal.aborted; index += 1) {
    const person = world.person(index);
    const lead = index % 2 === 0 ? posted.shift() : undefined;
    const act =
      lead === undefined
        ? person.runCommand('/firstcall', 'queue')
        : person.clickButton({
            ...{ channel: lead.channel, ts: lead.ts },
            ...{ actionId: 'lead_accept', value: lead.value },
          });
    elapsed.push(act.then(({ elapsedMs }) => elapsedMs));
    await delay(CLICK_EVERY_MS);
  }
  return Promise.all(elapsed);
}

/** When each board showed what the database says, in the end. */
async function allCorrect(channelIds: readonly string[]): Promise<Date[]> {
  await vi.waitFor(
    async () => {
      for (const [index, id] of channelIds.entries()) {
        const channel = world.teams[index]?.channel ?? '';
        const ranked = await rankedOpenLeads(world.database.db, channel, world.clock.now());
        const shown = shownBoard(world.slack.journal, id).ranked;
        expect({ channel, shown, top: shownLeads(id) }).toEqual({
          channel,
          shown: ranked.length,
          top: ranked.slice(0, 10).map((lead) => lead.id),
        });
      }
    },
    { timeout: CORRECT_WITHIN_MS, interval: 250 },
  );
  return channelIds.map(
    (id) => boardCalls(world.slack.journal, id).at(-1)?.at ?? world.clock.now(),
  );
}

/** Ids of the leads on a board, in its order. */
function shownLeads(channelId: string): string[] {
  const last = boardCalls(world.slack.journal, channelId).at(-1);
  const ids = JSON.stringify(last?.args.blocks ?? []).match(/"board\.([0-9a-f-]{36})\.\d+"/g) ?? [];
  return [...new Set(ids.map((id) => id.slice('"board.'.length, '"board.'.length + 36)))];
}

/** Calls of the app about its own messages, refused ones included. */
function ours(method: string): SlackCall[] {
  return world.slack.journal.calls({ method }).filter((call) => call.messageKey !== undefined);
}

function callsTo(channelId: string): SlackCall[] {
  return world.slack.journal.all.filter((call) => call.channel === channelId);
}

function expectLimitsKept(channelIds: readonly string[]): void {
  expect(busiestMinute(ours('chat.update'))).toBeLessThanOrEqual(50);
  const posts = ours('chat.postMessage');
  for (const id of channelIds) {
    const times = posts.filter((call) => call.channel === id).map((call) => call.at.getTime());
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(1_000);
  }
  // Slack itself never had to say no: what was refused, was refused by the test.
  const refused = world.slack.journal.calls({ error: 'ratelimited' });
  expect(refused.filter((call) => call.fault === undefined)).toEqual([]);
  expect(refused.length).toBeGreaterThan(CHANNELS);
}

/** The most calls in any 60 seconds. */
function busiestMinute(calls: readonly SlackCall[]): number {
  const times = calls.map((call) => call.at.getTime()).toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

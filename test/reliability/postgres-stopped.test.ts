import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DecisionKind } from '../../src/decisions/ledger.ts';
import { isLongRun } from '../support/effort.ts';
import {
  type Act,
  acceptAct,
  type DoneAct,
  doAct,
  everyKind,
} from '../support/reliability/outage-acts.ts';
import {
  createOutageWorld,
  type OutageKind,
  type OutageWorld,
} from '../support/reliability/outage-world.ts';
import { watchStalls } from '../support/reliability/watch-stalls.ts';

/* Postgres goes away for a while and comes back, while people click. They are told in time, and told the truth. */

/** Longer than people wait for their answer. */
const OUTAGE_MS = 5_000;
const CLICK_EVERY_MS = 60;
const BEFORE_MS = 600;
const AFTER_MS = 900;
const CLICKS = Math.ceil((BEFORE_MS + OUTAGE_MS + AFTER_MS) / CLICK_EVERY_MS);
const STREAM_PEOPLE = 4;
/** People whom `everyKind` needs. */
const KIND_PEOPLE = 9;
const KIND_LEADS = 7;

const ACK_MS = 1_000;
/** The app speaks after two seconds; the rest is for a machine that has more to do. */
const TOLD_MS = 4_000;

let world: OutageWorld;

describe.runIf(isLongRun)('Postgres behind a proxy', () => {
  beforeEach(() => start({ ownServer: false, outages: 1, more: 0 }), 90_000);
  afterEach(() => world.close());

  it('refuses connections: people are told at once that nothing was recorded', async () => {
    const done = await clickThrough('refuses connections');
    const refused = done.filter((each) => /^Not recorded, please click/.test(lastTold(each)));
    expect(refused.length).toBeGreaterThan(5);
  }, 120_000);

  it('hangs: people are told that it is not recorded yet, and later what came of it', async () => {
    const done = await clickThrough('hangs');
    expect(done.filter((each) => wasLate(each)).length).toBeGreaterThan(5);
  }, 120_000);
});

describe('Postgres that loses an answer', () => {
  beforeAll(() => start({ ownServer: false, outages: 0, more: 6 }), 90_000);
  afterAll(() => world.close());

  it.each(['after', 'before'] as const)(
    'loses the answer to a commit, cut %s it: what is told is what the ledger holds, once',
    async (at) => {
      const trap = world.postgres.trap({ at, matches: decides });
      const before = await ledger();
      const clicking = acceptNext();
      await trap.reached;
      world.postgres.cut();
      trap.release();
      await expectRecordedOnce(before, [await clicking]);
    },
    60_000,
  );

  it('commits after its client is gone: the click waits for that, and tells it', async () => {
    const trap = world.postgres.trap({ at: 'before', matches: decides });
    const before = await ledger();
    const clicking = acceptNext();
    await trap.reached;
    const pid = await deciding();
    process.kill(pid, 'SIGSTOP');
    try {
      // Its commit is on its way, and nobody waits for the answer any more.
      trap.release();
      await setImmediate();
      await setImmediate();
      world.postgres.cut();
      await vi.waitFor(async () => {
        const waiting = await backends(`wait_event_type = 'Lock'`);
        if (waiting.length === 0) throw new Error('nobody looks the commit up yet');
      }, 15_000);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expectRecordedOnce(before, [await clicking]);
  }, 60_000);
});

describe.runIf(isLongRun)('Postgres with a server of its own', () => {
  beforeEach(() => start({ ownServer: true, outages: 1, more: 0 }), 90_000);
  afterEach(() => world.close());

  it('is frozen: people are told that it is not recorded yet, and later what came of it', async () => {
    const done = await clickThrough('is frozen');
    expect(done.filter((each) => wasLate(each)).length).toBeGreaterThan(5);
  }, 120_000);
});

async function start(how: { ownServer: boolean; outages: number; more: number }): Promise<void> {
  world = await createOutageWorld({
    ownServer: how.ownServer,
    leads: how.outages * (CLICKS + KIND_LEADS) + how.more,
    people: STREAM_PEOPLE + KIND_PEOPLE,
  });
}

/** People click before, during and after it; then everybody was told in time, and the truth. */
async function clickThrough(kind: OutageKind): Promise<DoneAct[]> {
  const clickers = world.people.slice(KIND_PEOPLE);
  const kinds = await everyKind(world);
  for (const person of clickers) await person.runCommand('/firstcall', 'queue');
  const before = await ledger();
  const audited = await audit();

  const stalls = watchStalls();
  const clicks = clickOn(clickers);
  await delay(BEFORE_MS);
  await world.stop(kind);
  await delay(200);
  const special = Promise.all(kinds.map((act) => doAct(world.slack, act)));
  await Promise.all([delay(OUTAGE_MS), special]).finally(() => world.resume());
  const done = [...(await clicks), ...(await special)];

  await settled(done);
  const figures = expectInTime(done, stalls.stop());
  const acts = `${done.length} acts`;
  process.stdout.write(`Postgres ${kind} for ${OUTAGE_MS} ms, ${acts}: ${figures}\n`);
  expect(added(before, await ledger())).toEqual(toldRecorded(done));
  expect(added(audited, await audit())).toEqual(toldSettings(done));
  return done;
}

/** The commit of a decision. */
function decides(statement: string, earlier: readonly string[]): boolean {
  return statement === 'commit' && earlier.some((each) => /insert into "decisions"/.test(each));
}

function acceptNext(): Promise<DoneAct> {
  const [lead] = world.leads.splice(0, 1);
  const person = world.people[0];
  if (lead === undefined || person === undefined) throw new Error('nobody clicks');
  return doAct(world.slack, acceptAct(world.slack, person, lead));
}

async function expectRecordedOnce(before: string[], done: DoneAct[]): Promise<void> {
  await settled(done);
  expect(toldRecorded(done), done.map(lastTold).join()).toHaveLength(1);
  expect(added(before, await ledger())).toEqual(toldRecorded(done));
}

/** The server's processes that work for the app on this database. */
async function backends(condition: string): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database()
      and application_name = 'firstcall' and ${sql.raw(condition)}
  `.execute(world.database.db);
  return rows.map((row) => row.pid);
}

/** The server's process whose transaction holds the decision that is about to be committed. */
async function deciding(): Promise<number> {
  const [pid, ...others] = await backends(`pid in (
    select pid from pg_locks where relation = 'decisions'::regclass and mode = 'RowExclusiveLock')`);
  if (pid === undefined || others.length > 0) throw new Error('not one transaction decides');
  return pid;
}

/** Accepts by several people at a steady pace; every fifth one is impatient and clicks again. */
async function clickOn(clickers: OutageWorld['people']): Promise<DoneAct[]> {
  const under: Promise<DoneAct>[] = [];
  for (const [index, lead] of world.leads.splice(0, CLICKS).entries()) {
    const person = clickers[index % clickers.length];
    if (person === undefined) throw new Error('nobody clicks');
    const act = acceptAct(world.slack, person, lead);
    under.push(doAct(world.slack, act));
    if (index % 5 === 0) under.push(delay(50).then(() => doAct(world.slack, act)));
    await delay(CLICK_EVERY_MS);
  }
  return Promise.all(under);
}

/** Waits until each was told what came of it in the end. */
async function settled(done: readonly DoneAct[]): Promise<void> {
  await vi.waitFor(
    () => {
      const open = done.filter((each) => isOpen(each));
      const names = open.map((each) => `${each.act.name}: ${lastTold(each)}`);
      if (names.length > 0) throw new Error(`not told in the end: ${names.join('; ')}`);
    },
    { timeout: 40_000, interval: 100 },
  );
}

function lastTold(each: DoneAct): string {
  return each.act.told(each).at(-1)?.text ?? '';
}

function isOpen(each: DoneAct): boolean {
  const text = lastTold(each);
  return !saysSomething(text) || /Not recorded yet|Still reading/.test(text);
}

function wasLate(each: DoneAct): boolean {
  return each.act.told(each).some(({ text }) => /Not recorded yet|Still reading/.test(text));
}

/**
 * In words for the log: the slowest acknowledgement and the slowest first answer. A stall of the machine, which hits
 * the app as well as the test, is nobody's fault.
 */
function expectInTime(done: readonly DoneAct[], stallMs: number): string {
  let ack = 0;
  let told = 0;
  for (const each of done) {
    const { act, sentAt, answer } = each;
    expect(answer.status, act.name).toBe(200);
    ack = Math.max(ack, answer.elapsedMs);
    const first = act.told(each).find(({ text }) => saysSomething(text));
    const tookMs = (first?.at.getTime() ?? Number.POSITIVE_INFINITY) - sentAt.getTime();
    expect(tookMs, `${act.name}: ${first?.text}`).toBeLessThan(TOLD_MS + 2 * stallMs);
    told = Math.max(told, tookMs);
  }
  expect(ack).toBeLessThan(ACK_MS + 2 * stallMs);
  const stalled = `the machine stalled for ${stallMs.toFixed(0)} ms`;
  return `slowest ack ${ack.toFixed(0)} ms, slowest first answer ${told.toFixed(0)} ms; ${stalled}`;
}

/** "Saving" alone is not yet what happened. */
function saysSomething(text: string): boolean {
  return text !== '' && (!text.startsWith('Saving') || text.includes('ecorded'));
}

/** "Not recorded" comes first: it contains the other. */
function saysRecorded(text: string): boolean {
  return !/Not recorded/.test(text) && /Recorded\b|recorded before|Undone\./.test(text);
}

type Row = `${string} ${DecisionKind} ${string}`;

function rowOf({ row, person }: Act): Row | null {
  return row === null ? null : `${person.user.id} ${row.kind} ${row.leadId}`;
}

/** Once for each decision, however often it was clicked and told. */
function toldRecorded(done: readonly DoneAct[]): Row[] {
  const rows = done.flatMap((each) => {
    const row = rowOf(each.act);
    return row !== null && saysRecorded(lastTold(each)) ? [row] : [];
  });
  return [...new Set(rows)].sort();
}

async function ledger(): Promise<Row[]> {
  const rows = await world.database.db
    .selectFrom('decisions')
    .select(['actor', 'kind', 'lead_id'])
    .execute();
  return rows.map((row): Row => `${row.actor} ${row.kind} ${row.lead_id}`).sort();
}

/** Acts that change no lead: one row for each of them. */
async function audit(): Promise<string[]> {
  const rows = await world.database.db.selectFrom('audit_log').select(['action', 'at']).execute();
  return rows.map(({ action, at }) => `${action} ${at.toISOString()}`).sort();
}

function toldSettings(done: readonly DoneAct[]): unknown[] {
  const told = (name: string, words: RegExp) =>
    done.some((each) => each.act.name === name && words.test(lastTold(each)));
  return [
    ...(told('/firstcall grant', /is a manager now/)
      ? [expect.stringMatching(/^role.granted/)]
      : []),
    ...(told('publish rules', /is live/) ? [expect.stringMatching(/^rules.published/)] : []),
  ];
}

/** Rows that were not there before. */
function added<T>(before: readonly T[], after: readonly T[]): T[] {
  return after.filter((row) => !before.includes(row));
}

import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { createPerson } from '../../demo/slack/person.ts';
import { quantile } from '../../src/evaluation/quantile.ts';
import { createLeadLoad, type LoadLead } from '../../test/support/reliability/lead-load.ts';
import { createRandom } from '../../test/support/reliability/random.ts';
import { type SentTimes, sendBurst, sendSteadily } from './send-leads.ts';
import { SIGNING_SECRET, type Stage } from './stage.ts';

const SEED = 20_260_301;
const WAIT_MS = 300_000;

export interface Latency {
  count: number;
  p50: number;
  p99: number;
}

/** Only leads of people who are to be called, so that each has a row, a board and (tier A) a message. */
export function calledLeads(stage: Stage, count: number, seed = SEED): LoadLead[] {
  const load = createLeadLoad(createRandom(seed), stage.teams);
  const leads: LoadLead[] = [];
  while (leads.length < count) {
    const drawn = load.batch(100);
    leads.push(...drawn.filter((lead) => lead.kind === 'hot' || lead.kind === 'ordinary'));
  }
  return leads.slice(0, count);
}

/** Row "webhook to committed outbox row". The outbox row is in the transaction of the assessment. */
export async function measureOutbox(stage: Stage, leads: readonly LoadLead[]): Promise<Latency> {
  const before = await countScored(stage);
  const sent = await sendSteadily(stage.url, leads, 20);
  await untilScored(stage, before + leads.length);
  const { rows } = await sql<{ id: string; at: number }>`
    select dedupe_key as id,
      (extract(epoch from pg_xact_commit_timestamp(assessments.xmin)) * 1000)::float8 as at
    from inbound_events join assessments on assessments.lead_id = inbound_events.lead_id
  `.execute(stage.db);
  return latency(rows, sent);
}

/** Row "webhook to confirmed Slack call": the hot message, and the board that ranks the lead. */
export async function measureSlack(
  stage: Stage,
  leads: readonly LoadLead[],
): Promise<{ hot: Latency; board: Latency; refused: number }> {
  const sent = await sendSteadily(stage.url, leads, 1);
  await untilScored(stage, leads.length);
  await until(async () => {
    const row = await stage.db
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '<>', 'done')
      .executeTakeFirstOrThrow();
    return row.count === 0;
  });
  const { rows } = await sql<{ id: string; surface: 'board' | 'hot'; at: number }>`
    select dedupe_key as id, surface, min(extract(epoch from confirmed_at) * 1000)::float8 as at
    from deliveries join inbound_events on inbound_events.lead_id = deliveries.lead_id
    group by dedupe_key, surface
  `.execute(stage.db);
  const of = (surface: 'board' | 'hot') => rows.filter((row) => row.surface === surface);
  const refused = stage.slack.journal.calls({ error: 'ratelimited' }).length;
  return { hot: latency(of('hot'), sent), board: latency(of('board'), sent), refused };
}

/** Row "burst of 5,000": seconds until all are scored, and what a click costs meanwhile. */
export async function measureBurst(
  stage: Stage,
  leads: readonly LoadLead[],
): Promise<{ acknowledged: number; scored: number; acks: Latency; refused: number }> {
  const before = await countScored(stage);
  const startedAt = performance.now();
  const clicks = new AbortController();
  const acks = clickMeanwhile(stage, clicks.signal);
  await sendBurst(stage.url, leads, 32);
  const acknowledged = (performance.now() - startedAt) / 1_000;
  await untilScored(stage, before + leads.length);
  const scored = (performance.now() - startedAt) / 1_000;
  clicks.abort();
  const refused = stage.slack.journal.calls({ error: 'ratelimited' }).length;
  return { acknowledged, scored, acks: summary(await acks), refused };
}

/** A person asks the app for something twice a second. */
async function clickMeanwhile(stage: Stage, signal: AbortSignal): Promise<number[]> {
  const { slack, url } = stage;
  const person = createPerson(slack, slack.users.repOne.id, url, SIGNING_SECRET);
  const channel = stage.teams[0]?.channel ?? '';
  const elapsed: number[] = [];
  while (!signal.aborted) {
    const { elapsedMs } = await person.runCommand('/firstcall', 'help', channel);
    elapsed.push(elapsedMs);
    await delay(500);
  }
  return elapsed;
}

async function untilScored(stage: Stage, count: number): Promise<void> {
  await until(async () => (await countScored(stage)) >= count);
}

async function countScored({ db }: Stage): Promise<number> {
  const row = await db
    .selectFrom('assessments')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the pipeline did not finish in time');
    await delay(100);
  }
}

function latency(rows: readonly { id: string; at: number }[], sent: SentTimes): Latency {
  return summary(
    rows.flatMap(({ id, at }) => {
      const from = sent.get(id);
      return from === undefined ? [] : [at - from];
    }),
  );
}

function summary(values: number[]): Latency {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    p50: quantile(sorted, 0.5) ?? Number.NaN,
    p99: quantile(sorted, 0.99) ?? Number.NaN,
  };
}

import { type Kysely, sql } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import type { HealthLine } from '../listeners/deps.ts';
import { count } from '../text/numbers.ts';

type Db = Kysely<Database>;

export interface HealthSources {
  db: Db;
  /** Jobs waiting or active. */
  queueDepth(): Promise<number>;
  queueKind: string;
  now(): Date;
}

/** Older than this and still not sent: somebody should look. */
const SLOW_MS = 5 * 60_000;

/** What an admin wants to know at two in the morning, one line each. */
export async function readHealth(sources: HealthSources): Promise<HealthLine[]> {
  const { db } = sources;
  const late = new Date(sources.now().getTime() - SLOW_MS);
  const { rows } = await sql<{ lane: string; due: number; late: number; failed: number }>`
    select lane,
      count(*) filter (where state in ('due', 'sending', 'unknown'))::int as due,
      count(*) filter (where state in ('due', 'sending', 'unknown') and due_at < ${late})::int as late,
      count(*) filter (where state = 'failed')::int as failed
    from outbox group by lane order by lane desc
  `.execute(db);
  const inFlight = await sql<{ events: number; leads: number }>`
    select
      (select count(*) from inbound_events where state = 'received')::int as events,
      (select count(*) from leads where score_due_at is not null)::int as leads
  `.execute(db);
  const [counts] = inFlight.rows;
  return [
    { name: 'Postgres', ok: true, detail: 'answers' },
    await queueLine(sources),
    {
      name: 'Intake',
      ok: (counts?.events ?? 0) < 1_000,
      detail: `${counts?.events ?? 0} received and ${count(counts?.leads ?? 0, 'lead')} to score`,
    },
    ...rows.map((row) => ({
      name: row.lane === 'slack' ? 'To Slack' : 'To the CRM',
      ok: row.late === 0 && row.failed === 0,
      detail: `${row.due} waiting, ${row.late} late, ${row.failed} put aside`,
    })),
  ];
}

async function queueLine({ queueDepth, queueKind }: HealthSources): Promise<HealthLine> {
  try {
    return {
      name: 'Queue',
      ok: true,
      detail: `${count(await queueDepth(), 'job')} on ${queueKind}`,
    };
  } catch {
    return { name: 'Queue', ok: false, detail: `${queueKind} does not answer; work waits` };
  }
}

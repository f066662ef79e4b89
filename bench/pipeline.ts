import {
  calledLeads,
  type Latency,
  measureBurst,
  measureOutbox,
  measureSlack,
} from './pipeline/rows.ts';
import { type Backend, openStage } from './pipeline/stage.ts';

const TEAMS = 5;

/** What the first leads after a start cost is shown on its own: it is the start's cost, not the pipeline's. */
const FIRST_LEADS = 100;

/** From webhook to outbox and Slack, on both queue backends. */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const backend of ['embedded', 'redis'] as const) {
    const { outbox, burst } = await runBackend(backend, quick);
    figures[`${backend}_outbox_p50_ms`] = outbox.p50;
    figures[`${backend}_outbox_p99_ms`] = outbox.p99;
    figures[`${backend}_burst_s`] = burst;
  }
  const { hot, board } = await runSlack(quick);
  return { ...figures, hot_p99_s: hot.p99 / 1_000, board_p99_s: board.p99 / 1_000 };
}

async function runBackend(
  backend: Backend,
  quick: boolean,
): Promise<{ outbox: Latency; burst: number }> {
  const stage = await openStage(backend, TEAMS);
  try {
    say(`queue ${backend}: ${stage.postgresVersion}`);
    const burstSize = quick ? 1_000 : 5_000;
    const steadySize = quick ? 200 : 1_200;
    const leads = calledLeads(stage, FIRST_LEADS + steadySize + burstSize);
    const first = await measureOutbox(stage, leads.slice(0, FIRST_LEADS));
    say(`  webhook to committed outbox row, 20 leads/s, right after the start: ${words(first)}`);
    const outbox = await measureOutbox(stage, leads.slice(FIRST_LEADS, FIRST_LEADS + steadySize));
    say(`  webhook to committed outbox row, 20 leads/s: ${words(outbox)} (target 250, 1,000)`);
    const rest = leads.slice(FIRST_LEADS + steadySize);
    const burst = await measureBurst(stage, rest);
    const target = backend === 'embedded' ? 60 : 15;
    say(
      `  burst of ${rest.length}, one lead a webhook: acknowledged in ${burst.acknowledged.toFixed(1)} s, ` +
        `scored in ${burst.scored.toFixed(1)} s (target for 5,000: ${target} s)`,
    );
    say(`    slash commands meanwhile: ${words(burst.acks)} (target p99 1,000)`);
    say(`    calls that Slack refused for its limits: ${burst.refused}`);
    return { outbox, burst: burst.scored };
  } finally {
    await stage.close();
  }
}

async function runSlack(quick: boolean): Promise<{ hot: Latency; board: Latency }> {
  const stage = await openStage('embedded', TEAMS);
  try {
    const { hot, board, refused } = await measureSlack(stage, calledLeads(stage, quick ? 45 : 180));
    say(`webhook to confirmed Slack call, 1 lead/s over ${TEAMS} channels, queue embedded:`);
    say(`  hot message: ${words(hot)} (target p99 3,000)`);
    say(`  board: ${words(board)} (target p99 35,000)`);
    say(`  calls that Slack refused for its limits: ${refused}`);
    return { hot, board };
  } finally {
    await stage.close();
  }
}

function words({ count, p50, p99 }: Latency): string {
  return `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms of ${count}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

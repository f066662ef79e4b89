import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../src/app.ts';
import { rankedOpenLeads } from '../src/delivery/queries/board-query.ts';
import { presentTerminal } from '../src/scoring/present-terminal.ts';

/** The first leads arrive while this waits; it does not wait for the slow ones. */
const WAIT_MS = 15_000;
const ENOUGH_LEADS = 8;
const SHOWN_WITH_WHY = 3;

/** Prints the ranked leads of each board, the first of them with their whole why. */
export async function printRanking(app: App, print: (text: string) => void): Promise<void> {
  const { db, clock, rulesets } = app.parts;
  const { teams } = await rulesets.live();
  await firstLeads(app);
  for (const team of teams) {
    const ranked = await rankedOpenLeads(db, team.channel, clock.now());
    if (ranked.length === 0) continue;
    print(`\n#${team.channel}: ${ranked.length} open leads, in call order\n`);
    for (const [index, { id }] of ranked.slice(0, 10).entries()) {
      const lead = await db
        .selectFrom('leads')
        .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
        .select(['leads.short_id', 'leads.profile', 'assessments.detail'])
        .where('leads.id', '=', id)
        .executeTakeFirstOrThrow();
      const { profile, detail } = lead;
      const name = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
      const who = [name, profile.company].filter((part) => part !== null && part !== '').join(', ');
      print(
        `  ${String(index + 1).padStart(2)}. ${detail.tier} ${String(detail.points).padStart(3)}  ${lead.short_id}  ${clipped(who)}\n`,
      );
      if (index < SHOWN_WITH_WHY) print(indented(presentTerminal(detail)));
    }
  }
}

async function firstLeads({ parts: { db, clock } }: App): Promise<void> {
  const deadline = clock.now().getTime() + WAIT_MS;
  while (clock.now().getTime() < deadline) {
    const { count } = await db
      .selectFrom('leads')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('state', '=', 'open')
      .where('assessment_id', 'is not', null)
      .executeTakeFirstOrThrow();
    if (count >= ENOUGH_LEADS) return;
    await delay(100);
  }
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `        ${line}\n`)
    .join('');
}

/** One line of a terminal, whatever the lead is called. */
function clipped(text: string): string {
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}

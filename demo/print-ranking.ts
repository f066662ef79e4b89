import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../src/app.ts';
import { companyOf, personOf } from '../src/delivery/cards/lead-words.ts';
import { leadRowsByIds, rankedOpenLeads } from '../src/delivery/queries/board-query.ts';
import { fitLine } from '../src/delivery/text/escape.ts';
import type { LeadRow } from '../src/delivery/views.ts';
import { presentTerminal } from '../src/scoring/present-terminal.ts';
import { withSign } from '../src/scoring/reason-lines.ts';

/** The first leads arrive while this waits; it does not wait for the slow ones. */
const WAIT_MS = 15_000;
const ENOUGH_LEADS = 8;
const SHOWN = 10;
const SHOWN_WITH_WHOLE_WHY = 3;

export interface RankingSource extends Pick<App['parts'], 'db' | 'clock'> {
  /** Of the boards, as routing names them. */
  channels(): Promise<readonly string[]>;
}

/** Prints the ranked leads of each board with what explains them, the first of them with their whole why. */
export async function printRanking(
  source: RankingSource,
  print: (text: string) => void,
): Promise<void> {
  const { db, clock } = source;
  await firstLeads(source);
  for (const channel of await source.channels()) {
    const ranked = await rankedOpenLeads(db, channel, clock.now());
    if (ranked.length === 0) continue;
    print(`\n#${channel}: ${ranked.length} open leads, in call order\n`);
    const ids = ranked.slice(0, SHOWN).map((lead) => lead.id);
    const leads = await leadRowsByIds(db, ids, () => null);
    for (const [index, lead] of leads.entries()) {
      print(headline(lead, index + 1));
      const isWhole = index < SHOWN_WITH_WHOLE_WHY;
      print(indented(isWhole ? await wholeWhy(source, lead.leadId) : whyLine(lead)));
    }
    if (ranked.length > SHOWN) print(`      and ${ranked.length - SHOWN} more\n`);
  }
  print(
    `\nOf the first ${SHOWN_WITH_WHOLE_WHY} of a board every line is shown, of the others one: the rest is in full under Why in Slack.\n`,
  );
}

function headline(lead: LeadRow, rank: number): string {
  const place = `${String(rank).padStart(2)}. ${lead.effectiveTier} ${String(lead.points).padStart(3)}`;
  // One line of a terminal, whatever the lead is called.
  return `  ${place}  ${lead.shortId}  ${fitLine(`${personOf(lead)}, ${companyOf(lead)}`, 70)}\n`;
}

function whyLine({ why }: LeadRow): string {
  if (why === null) return 'No rule says anything of it';
  return `${why.points === 0 ? '' : `${withSign(why.points)}  `}${fitLine(why.text, 100)}`;
}

async function wholeWhy({ db }: RankingSource, leadId: string): Promise<string> {
  const { detail } = await db
    .selectFrom('leads')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .select('assessments.detail')
    .where('leads.id', '=', leadId)
    .executeTakeFirstOrThrow();
  return presentTerminal(detail);
}

async function firstLeads({ db, clock }: RankingSource): Promise<void> {
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

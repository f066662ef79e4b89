import type { KnownBlock } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import {
  actions,
  button,
  context,
  divider,
  header,
  mrkdwn,
  option,
  richLists,
  richText,
  section,
  span,
} from '../blocks/kit.ts';
import { select } from '../blocks/pickers.ts';
import { leadEntry } from '../cards/lead-entry.ts';
import { fitLine } from '../text/escape.ts';
import { FIGURES, HOME } from '../text/home-words.ts';
import { proportion } from '../text/numbers.ts';
import { PREFS } from '../text/people-words.ts';
import { duration, richDate } from '../text/time.ts';
import {
  HOME_FILTERS,
  LEADS_PER_PAGE,
  type MyFigures,
  type MyOverrides,
  type MyQueue,
} from './home-views.ts';

/** What the person chose to see, a page of it; the filter acts at once. */
export function queueBlocks(queue: MyQueue, now: Date): KnownBlock[] {
  const { filter, leads, counts, page, userId: viewer } = queue;
  const all = counts[filter];
  const from = page * LEADS_PER_PAGE;
  const range =
    all > LEADS_PER_PAGE ? `  ·  ${HOME.range(from + 1, from + leads.length, all)}` : '';
  const place = { surface: 'home', revision: 0, now, viewer } as const;
  const entries = leads.flatMap(({ lead, rank, isNew }, index) =>
    leadEntry(lead, { ...place, rank, isNew, primary: rank !== null && index === 0 }),
  );
  return [
    filterBlock(queue),
    section(all === 0 ? emptyText(queue) : `*${HOME.lists[filter](all)}*${range}`),
    ...entries,
    ...turnButtons(page, all),
  ];
}

/** The filter is kept from one day to the next: behind it leads may wait. */
function emptyText({ filter, counts }: MyQueue): string {
  const others = filter === 'all' ? 0 : counts.all;
  return `${HOME.empty[filter]}${others === 0 ? '' : ` ${HOME.others(others)}`}`;
}

/** Its block id says what it shows: Slack keeps what somebody picked in a block that keeps its id. */
function filterBlock({ filter, counts }: MyQueue): KnownBlock {
  const options = HOME_FILTERS.map((each) => option(HOME.filters[each](counts[each]), each));
  const shown = HOME_FILTERS.map((each) => counts[each]).join('-');
  const picker = { actionId: ACTIONS.homeFilter, placeholder: HOME.filter, options };
  return actions(`home_filter.${filter}.${shown}`, [
    select({ ...picker, chosen: filter }),
    button({ label: PREFS.title, actionId: ACTIONS.prefsOpen }),
  ]);
}

function turnButtons(page: number, all: number): KnownBlock[] {
  const left = all - (page + 1) * LEADS_PER_PAGE;
  const turn = (label: string, to: number, actionId: string) =>
    button({ label, actionId, value: String(to) });
  const buttons = [
    ...(page > 0 ? [turn(HOME.previous(LEADS_PER_PAGE), page - 1, ACTIONS.homePrevious)] : []),
    ...(left > 0
      ? [turn(HOME.next(Math.min(LEADS_PER_PAGE, left)), page + 1, ACTIONS.homeNext)]
      : []),
  ];
  return buttons.length === 0 ? [] : [actions('home_turn', buttons)];
}

/** One's own, with n; never beside a colleague's. */
export function figureBlocks(figures: MyFigures): KnownBlock[] {
  return [
    divider(),
    header(FIGURES.title(figures.days)),
    richText(span(`${FIGURES.timeToAccept}  `, 'bold'), span(timeToAccept(figures))),
    richText(span(`${FIGURES.slaMet}  `, 'bold'), span(slaMet(figures))),
    context(mrkdwn(FIGURES.own)),
  ];
}

function timeToAccept({ timeToAccept: { n, medianMs }, minimumN }: MyFigures): string {
  return medianMs === null || n < minimumN
    ? FIGURES.few(n, minimumN)
    : FIGURES.median(duration(medianMs), n);
}

function slaMet({ slaMet: met, minimumN }: MyFigures): string {
  return met.n === 0 ? FIGURES.noSla : proportion(met, minimumN);
}

/** Nothing when there were none: an absence of overrides is not a figure. */
export function overrideBlocks({ rows, count, days }: MyOverrides, now: Date): KnownBlock[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ shortId, name, toTier, fromTier, cameOfIt, cameAt }) => {
    const lead = [fitLine(shortId, 20), fitLine(name, 120)].filter((part) => part !== '');
    const said = FIGURES.override(lead.join(', '), toTier, fromTier);
    if (cameOfIt === null || cameAt === null) return [span(said), span(FIGURES.noneYet)];
    const end = span(FIGURES.cameOfIt[cameOfIt], 'bold');
    return [span(said), end, span(' '), richDate(cameAt, now)];
  });
  return [section(`*${FIGURES.overrides(count, days)}*`), ...richLists(lines)];
}

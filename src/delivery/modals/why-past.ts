import type { KnownBlock, RichTextElement } from '@slack/types';
import { person, richLists, richText, span } from '../blocks/kit.ts';
import { fitLine } from '../text/escape.ts';
import { richDate } from '../text/time.ts';
import { DECIDED, WHY } from '../text/words.ts';
import type { DecisionHistoryRow, WhyView } from '../views.ts';

const ROWS_MAX = 8;
type Line = RichTextElement[];

/** How the lead came here: routing, decisions, earlier scores, sources. Newest first. */
export function whyPast(view: WhyView, now: Date): KnownBlock[] {
  const routed = fitLine(view.routedBecause ?? '', 300);
  return [
    ...(routed === '' ? [] : [richText(span(`${WHY.routed}  `, 'bold'), span(routed))]),
    ...rows(
      WHY.decisions,
      newest(view.decisions, (row) => row.at).map((row) => decisionLine(row, now)),
    ),
    ...rows(
      WHY.history,
      newest(view.history, (row) => row.scoredAt).map((row) => [
        span(`${WHY.historyLine(row.tier, row.points, row.rulesetVersion)}, `),
        richDate(row.scoredAt, now),
      ]),
    ),
    ...rows(
      WHY.touches,
      newest(view.touches, (row) => row.at).map((row) => touchLine(row, now)),
    ),
  ];
}

function newest<T>(list: readonly T[], at: (item: T) => Date): T[] {
  return list.toSorted((a, b) => at(b).getTime() - at(a).getTime());
}

function decisionLine(row: DecisionHistoryRow, now: Date): Line {
  const change =
    row.fromTier !== null && row.toTier !== null && row.fromTier !== row.toTier
      ? `, ${row.fromTier} to ${row.toTier}`
      : '';
  const facts = [row.reasonCode, row.blamedRules.join(', '), row.undone ? WHY.undone : null]
    .filter((fact) => fact !== null && fact !== '')
    .map((fact) => `, ${fitLine(fact ?? '', 200)}`)
    .join('');
  return [
    person(row.actor),
    span(` ${DECIDED[row.kind]}${change}${facts}, `),
    richDate(row.at, now),
  ];
}

function touchLine(row: WhyView['touches'][number], now: Date): Line {
  const where = [row.source, row.leadSource, row.campaign]
    .filter((part) => part !== null && part !== '')
    .map((part) => fitLine(part ?? '', 80))
    .join(', ');
  return [span(`${where}, `), richDate(row.at, now)];
}

function rows(title: string, lines: Line[]): KnownBlock[] {
  if (lines.length === 0) return [];
  const more = lines.length - ROWS_MAX;
  const shown = lines.slice(0, ROWS_MAX);
  if (more > 0) shown.push([span(WHY.more(more))]);
  return [richText(span(title, 'bold')), ...richLists(shown)];
}

import type { KnownBlock, RichTextElement } from '@slack/types';
import { codeWords } from '../../scoring/value-words.ts';
import { person, richLists, richText, span } from '../blocks/kit.ts';
import type { DecisionCodes } from '../decision-codes.ts';
import { fitLine } from '../text/escape.ts';
import { richDate } from '../text/time.ts';
import { DECIDED, WHY, WORKED_LABELS } from '../text/words.ts';
import type { DecisionHistoryRow, WhyView } from '../views.ts';

const ROWS_MAX = 8;
/** As long as the form lets it become. */
const NOTE_MAX = 1_000;
type Line = RichTextElement[];

/** Whether they may read the notes that people leave for their managers. */
export interface WhyReader {
  notes: boolean;
  /** Slack user id: what the lead's holder alone may do is offered to nobody else. */
  viewer?: string;
}

/** What people read in place of a code or an id. */
interface Words {
  reason(code: string): string;
  rule(ruleId: string): string;
}

function wordsOf({ assessment }: WhyView, { override, disqualify }: DecisionCodes): Words {
  return {
    reason: (code) =>
      [...override, ...disqualify].find((each) => each.code === code)?.label ?? codeWords(code),
    // A rule that says nothing of the lead any more has only its id.
    rule: (ruleId) =>
      assessment.reasons.find((each) => each.kind === 'rule' && each.ruleId === ruleId)?.text ??
      codeWords(ruleId),
  };
}

/** How the lead came here: routing, decisions, earlier scores, sources. Newest first. */
export function whyPast(
  view: WhyView,
  codes: DecisionCodes,
  now: Date,
  { notes }: WhyReader,
): KnownBlock[] {
  const words = wordsOf(view, codes);
  const routed = fitLine(view.routedBecause ?? '', 300);
  return [
    ...(routed === '' ? [] : [richText(span(`${WHY.routed}  `, 'bold'), span(routed))]),
    ...rows(
      WHY.decisions,
      view.counts.decisions,
      newest(view.decisions, (row) => row.at).map((row) => [
        ...decisionLine(row, words, now),
        span(remarks(notes ? row : { ...row, note: null }, words)),
      ]),
    ),
    ...rows(
      WHY.history,
      view.counts.history,
      newest(view.history, (row) => row.scoredAt).map((row) => [
        span(`${WHY.historyLine(row.tier, row.points, row.rulesetVersion)}, `),
        richDate(row.scoredAt, now),
      ]),
    ),
    ...rows(
      WHY.touches,
      view.counts.touches,
      newest(view.touches, (row) => row.at).map((row) => touchLine(row, now)),
    ),
  ];
}

function newest<T>(list: readonly T[], at: (item: T) => Date): T[] {
  return list.toSorted((a, b) => at(b).getTime() - at(a).getTime());
}

function decisionLine(row: DecisionHistoryRow, words: Words, now: Date): Line {
  const change =
    row.fromTier !== null && row.toTier !== null && row.fromTier !== row.toTier
      ? `, ${row.fromTier} to ${row.toTier}`
      : '';
  const reason = row.reasonCode === null ? null : words.reason(row.reasonCode);
  const facts = [reason, row.undone ? WHY.undone : null]
    .filter((fact) => fact !== null && fact !== '')
    .map((fact) => `, ${fitLine(fact ?? '', 200)}`)
    .join('');
  const given: Line =
    row.toMember === null
      ? [span(` ${DECIDED[row.kind]}`)]
      : [span(` ${WHY.gaveTo} `), person(row.toMember)];
  return [person(row.actor), ...given, span(`${change}${facts}, `), richDate(row.at, now)];
}

/** What they found wrong, and what they said with it. */
function remarks({ blamedRules, worked, note }: DecisionHistoryRow, words: Words): string {
  const blamed = blamedRules.map((ruleId) => fitLine(words.rule(ruleId), 200));
  const said = fitLine(note ?? '', NOTE_MAX);
  return [
    ...(blamed.length === 0 ? [] : [WHY.wrong(blamed)]),
    ...(worked === null ? [] : [WHY.worked(WORKED_LABELS[worked])]),
    ...(said === '' ? [] : [WHY.note(said)]),
  ]
    .map((remark) => `. ${remark}`)
    .join('');
}

function touchLine(row: WhyView['touches'][number], now: Date): Line {
  const where = [row.source, row.leadSource, row.campaign]
    .filter((part) => part !== null && part !== '')
    .map((part) => fitLine(part ?? '', 80))
    .join(', ');
  return [span(`${where}, `), richDate(row.at, now)];
}

function rows(title: string, count: number, lines: Line[]): KnownBlock[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, ROWS_MAX);
  const more = count - shown.length;
  if (more > 0) shown.push([span(WHY.more(more))]);
  return [richText(span(title, 'bold')), ...richLists(shown)];
}

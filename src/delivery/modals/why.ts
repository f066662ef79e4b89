import type { KnownBlock, ModalView } from '@slack/types';
import { allows } from '../../decisions/decision-rules.ts';
import type { Assessment } from '../../scoring/assessment.ts';
import { contrastAssessments, contrastText } from '../../scoring/contrast-assessments.ts';
import {
  brokenLines,
  isVerdict,
  missingText,
  possibleStopsText,
} from '../../scoring/reason-lines.ts';
import { ACTIONS } from '../action-ids.ts';
import {
  actions,
  button,
  context,
  divider,
  mrkdwn,
  richLists,
  richText,
  span,
} from '../blocks/kit.ts';
import { leadNumbers } from '../cards/lead-entry.ts';
import { crmUrlOf, isAnothers, nameOf } from '../cards/lead-words.ts';
import type { DecisionCodes } from '../decision-codes.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { signed } from '../text/numbers.ts';
import { dateToken } from '../text/time.ts';
import { LABELS, LEAD, WHY } from '../text/words.ts';
import type { WhyView } from '../views.ts';
import { modal } from './modal.ts';
import { describe, scoreLines, whyLine } from './why-lines.ts';
import { type WhyReader, whyPast } from './why-past.ts';

const TIER_LINES_MAX = 30;
const MISSING_MAX = 30;
const LIFTS_MAX = 3;
const LINE_MAX = 300;

/** Everything about one lead's score. The lines shown sum to the points shown. */
export function buildWhy(
  view: WhyView,
  codes: DecisionCodes,
  now: Date,
  reader: WhyReader = { notes: false },
): ModalView {
  const { assessment } = view;
  const { rulesetVersion, rulesetHash, engineVersion, scoredAt } = assessment;
  const pinned = WHY.ruleset(rulesetVersion, rulesetHash.slice(0, 8), engineVersion);
  return modal({
    title: WHY.title,
    blocks: [
      ...headline(view, now, reader),
      ...score(assessment),
      ...tierLines(assessment),
      ...missing(assessment),
      ...lift(view),
      divider(),
      ...whyPast(view, codes, now, reader),
      context(
        mrkdwn(`${escapeMrkdwn(pinned, 200)}, ${WHY.scored} ${dateToken(new Date(scoredAt), now)}`),
      ),
    ],
  });
}

function headline(
  { lead, assessment, previous }: WhyView,
  now: Date,
  { viewer }: WhyReader,
): KnownBlock[] {
  const value = encodeLeadRef({ leadId: lead.leadId, revision: 0 });
  const url = crmUrlOf(lead);
  const buttons = [
    ...(allows('accepted', lead.state)
      ? [button({ label: LABELS.accept, actionId: ACTIONS.leadAccept, value, style: 'primary' })]
      : []),
    ...(allows('overridden', lead.state)
      ? [button({ label: LABELS.override, actionId: ACTIONS.leadOverride, value })]
      : []),
    ...(allows('disqualified', lead.state) && !isAnothers(lead, viewer)
      ? [button({ label: LABELS.disqualify, actionId: ACTIONS.leadDisqualify, value })]
      : []),
    ...(url === null
      ? []
      : [button({ label: LABELS.openCrm, actionId: ACTIONS.leadOpenCrm, url })]),
  ];
  const { range, possibleTiers } = assessment;
  const certainty =
    range.min === range.max
      ? WHY.exact
      : WHY.between(LEAD.range(range.min, range.max, range.approximate), possibleTiers);
  return [
    richText(span(`${lead.effectiveTier} ${assessment.points}   ${nameOf(lead)}`, 'bold')),
    leadNumbers({ ...lead, possibleTiers: [] }, now),
    context(mrkdwn(certainty)),
    ...since(previous, assessment),
    ...(buttons.length === 0
      ? []
      : [actions(encodeLeadBlock('why', { leadId: lead.leadId, revision: 0 }), buttons)]),
  ];
}

function score(assessment: Assessment): KnownBlock[] {
  const { points, fitPoints, intentPoints } = assessment;
  const lines = scoreLines(assessment.reasons);
  const totals = { fit: fitPoints, intent: intentPoints } as const;
  const blocks: KnownBlock[] = [divider()];
  for (const axis of ['fit', 'intent', 'both'] as const) {
    const own = lines.filter((line) => line.axis === axis);
    if (own.length === 0) continue;
    const name = WHY.axis[axis];
    const heading = axis === 'both' ? name : WHY.axisTotal(name, totals[axis]);
    blocks.push(richText(span(heading, 'bold')), ...richLists(own.map(whyLine)));
  }
  blocks.push(richText(span(WHY.sum(points, fitPoints, intentPoints), 'bold')));
  return blocks;
}

/** What is different from the score before this one: "Was B 58: +15 Viewed pricing, −4 ...". */
function since(previous: Assessment | null, assessment: Assessment): KnownBlock[] {
  const contrast = previous === null ? null : contrastAssessments(previous, assessment);
  if (contrast === null) return [];
  return [richText(span(fitLine(contrastText(contrast, { sign: signed }), 2 * LINE_MAX)))];
}

/** Floors and hard stops: no points, but they can decide the tier. The one that disqualified it first. */
function tierLines(assessment: Assessment): KnownBlock[] {
  const lines = assessment.reasons
    .filter((reason) => reason.kind === 'tier')
    .toSorted((a, b) => Number(isVerdict(assessment, b)) - Number(isVerdict(assessment, a)))
    .map(describe);
  return titled(WHY.tier, lines, TIER_LINES_MAX);
}

/** One line for each missing value, and for each rule that something else keeps from being judged. */
function missing(assessment: Assessment): KnownBlock[] {
  const lines = assessment.missing
    .toSorted((a, b) => b.max - b.min - (a.max - a.min))
    .map(missingText);
  const broken = brokenLines(assessment).map((line) => line.text);
  const stops = possibleStopsText(assessment);
  return titled(WHY.missing, [stops ?? [], lines, broken].flat(), MISSING_MAX);
}

/** One single change a line, by which the rules would give a better tier. */
function lift({ nearMisses }: WhyView): KnownBlock[] {
  return titled(
    WHY.lift,
    nearMisses.map((miss) => miss.text),
    LIFTS_MAX,
  );
}

function titled(title: string, lines: readonly string[], max: number): KnownBlock[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, max);
  const more = lines.length - shown.length;
  const all = more > 0 ? [...shown, WHY.more(more)] : shown;
  return [
    richText(span(title, 'bold')),
    ...richLists(all.map((line) => [span(fitLine(line, LINE_MAX))])),
  ];
}

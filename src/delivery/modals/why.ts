import type { KnownBlock, ModalView } from '@slack/types';
import type { Assessment, Reason } from '../../scoring/assessment.ts';
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
import { crmUrlOf, nameOf, rangeOf } from '../cards/lead-words.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { signed } from '../text/numbers.ts';
import { dateToken } from '../text/time.ts';
import { LABELS, LEAD, WHY } from '../text/words.ts';
import type { LeadRow, WhyView } from '../views.ts';
import { modal } from './modal.ts';
import { describe, scoreLines, whyLine } from './why-lines.ts';
import { whyPast } from './why-past.ts';

const UNKNOWN_MAX = 30;
const MISSING_MAX = 30;

/** Everything about one lead's score. The lines shown sum to the points shown. */
export function buildWhy(view: WhyView, now: Date): ModalView {
  const { lead, assessment } = view;
  const { rulesetVersion, rulesetHash, engineVersion, scoredAt } = assessment;
  const pinned = WHY.ruleset(rulesetVersion, rulesetHash.slice(0, 8), engineVersion);
  return modal({
    title: WHY.title,
    blocks: [
      ...headline(lead, assessment, now),
      ...score(assessment),
      ...tierLines(assessment),
      ...unknown(assessment.reasons),
      ...missing(assessment),
      divider(),
      ...whyPast(view, now),
      context(
        mrkdwn(`${escapeMrkdwn(pinned, 200)}, ${WHY.scored} ${dateToken(new Date(scoredAt), now)}`),
      ),
    ],
  });
}

function headline(lead: LeadRow, assessment: Assessment, now: Date): KnownBlock[] {
  const value = encodeLeadRef({ leadId: lead.leadId, revision: 0 });
  const url = crmUrlOf(lead);
  const range = rangeOf(lead);
  const buttons = [
    ...(lead.state === 'open'
      ? [button({ label: LABELS.accept, actionId: ACTIONS.leadAccept, value, style: 'primary' })]
      : []),
    button({ label: LABELS.override, actionId: ACTIONS.leadOverride, value }),
    ...(url === null
      ? []
      : [button({ label: LABELS.openCrm, actionId: ACTIONS.leadOpenCrm, url })]),
  ];
  const certainty =
    assessment.range.min === assessment.range.max
      ? WHY.exact
      : WHY.between(
          range ??
            LEAD.range(assessment.range.min, assessment.range.max, assessment.range.approximate),
        );
  return [
    richText(span(`${lead.effectiveTier} ${assessment.points}   ${nameOf(lead)}`, 'bold')),
    leadNumbers({ ...lead, possibleTiers: [] }, now),
    context(mrkdwn(certainty)),
    actions(encodeLeadBlock('why', { leadId: lead.leadId, revision: 0 }), buttons),
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

/** Floors and hard stops: no points, but they can decide the tier. */
function tierLines(assessment: Assessment): KnownBlock[] {
  const lines = assessment.reasons.filter((reason) => reason.kind === 'tier').map(describe);
  if (assessment.disqualified !== null) {
    lines.unshift(WHY.disqualified(fitLine(assessment.disqualified.code, 60)));
  }
  if (assessment.possibleStops.length > 0) {
    lines.push(WHY.possibleStops(fitLine(assessment.possibleStops.join(', '), 200)));
  }
  return titled(WHY.tier, lines, UNKNOWN_MAX);
}

function unknown(reasons: readonly Reason[]): KnownBlock[] {
  const lines = reasons.filter((reason) => reason.kind === 'unknown').map(describe);
  return titled(WHY.unknown, lines, UNKNOWN_MAX);
}

function missing(assessment: Assessment): KnownBlock[] {
  if (assessment.missing.length === 0) return [context(mrkdwn(WHY.noMissing))];
  const lines = assessment.missing
    .toSorted((a, b) => b.max - b.min - (a.max - a.min))
    .map((field) =>
      WHY.missingLine(fitLine(field.label, 80), signed(field.min), signed(field.max)),
    );
  return titled(WHY.missing, lines, MISSING_MAX);
}

function titled(title: string, lines: readonly string[], max: number): KnownBlock[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, max);
  const more = lines.length - shown.length;
  const all = more > 0 ? [...shown, WHY.more(more)] : shown;
  return [richText(span(title, 'bold')), ...richLists(all.map((line) => [span(line)]))];
}

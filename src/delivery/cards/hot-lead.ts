import type { KnownBlock, RichTextElement } from '@slack/types';
import type { Reason } from '../../scoring/assessment.ts';
import { context, header, mrkdwn, person, richLists, richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { duration, richDate } from '../text/time.ts';
import { HOT } from '../text/words.ts';
import type { HotLeadView } from '../views.ts';
import { leadEntry, leadLine, leadNumbers } from './lead-entry.ts';

/** Enough to decide in ten seconds; the rest is under Why. */
const LINES_SHOWN = 4;

/** The message that a tier A lead gets for itself. `now` is when it is drawn. */
export function buildHotLead(view: HotLeadView, now: Date): Message {
  const title = HOT.title(view.lead.effectiveTier, view.lead.points);
  const settled = view.closed || view.accepted !== null;
  const [who, numbers, buttons] = leadEntry(
    { ...view.lead, why: null },
    {
      surface: 'hot',
      rank: null,
      revision: 0,
      now,
      primary: !settled,
      score: false,
    },
  );
  const blocks: KnownBlock[] = [header(title)];
  if (who !== undefined) blocks.push(who);
  const { shown, more } = strongest(view.reasons);
  blocks.push(...richLists(shown.map(reasonLine)));
  blocks.push(...(numbers === undefined ? [leadNumbers(view.lead, now)] : [numbers]));
  blocks.push(...happened(view, now));
  if (!view.closed && buttons !== undefined) blocks.push(buttons);
  const foot = [HOT.ruleset(view.rulesetVersion)];
  if (more > 0) foot.push(HOT.moreLines(more));
  blocks.push(context(mrkdwn(foot.join('  ·  '))));
  return { text: fallback(view, now), blocks };
}

/** Those that moved the score most, for and against. */
function strongest(reasons: readonly Reason[]): { shown: Reason[]; more: number } {
  const counted = reasons.filter((reason) => reason.points !== 0);
  const shown = counted
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, LINES_SHOWN);
  return { shown, more: reasons.length - shown.length };
}

function reasonLine(reason: Reason): RichTextElement[] {
  return [
    span(signed(reason.points), 'bold'),
    span(` ${fitLine(reason.text, LEAD_TEXT_LIMITS.reason)}`),
  ];
}

function happened(view: HotLeadView, now: Date): KnownBlock[] {
  const lines: RichTextElement[] = [];
  if (view.accepted !== null) {
    const { by, at, afterMs } = view.accepted;
    lines.push(person(by), span(' '));
    if (afterMs === null) lines.push(span(`${HOT.acceptedAt} `), richDate(at, now));
    else lines.push(span(HOT.acceptedAfter(duration(afterMs))));
  }
  if (view.overridden !== null) {
    if (lines.length > 0) lines.push(span('. '));
    lines.push(person(view.overridden.by), span(` ${HOT.overriddenTo(view.overridden.toTier)}`));
  }
  if (view.closed) lines.push(span(`${lines.length > 0 ? '. ' : ''}${HOT.closed}`));
  return lines.length === 0 ? [] : [richText(...lines)];
}

function fallback(view: HotLeadView, now: Date): string {
  const line = leadLine(view.lead, null, now);
  if (view.closed) return `${line}. ${HOT.closed}`;
  if (view.accepted === null)
    return `${HOT.title(view.lead.effectiveTier, view.lead.points)}. ${line}`;
  const by = `<@${view.accepted.by}>`;
  const after = view.accepted.afterMs;
  return `${line}. ${by} ${after === null ? HOT.acceptedAt : HOT.acceptedAfter(duration(after))}`;
}

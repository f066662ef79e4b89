import type { KnownBlock, RichTextElement } from '@slack/types';
import type { Reason } from '../../scoring/assessment.ts';
import { context, header, mrkdwn, person, richLists, richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { scoreLines } from '../modals/why-lines.ts';
import { fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { HOT, LEAD } from '../text/words.ts';
import type { HotLeadView, LeadRow } from '../views.ts';
import { leadEntry, leadLine } from './lead-entry.ts';

/** Enough to decide in ten seconds; the rest is under Why. */
const LINES_SHOWN = 4;

/** The message that a tier A lead gets for itself. `now` is when it is drawn. */
export function buildHotLead(view: HotLeadView, now: Date): Message {
  const { lead } = view;
  const title = titleOf(lead);
  const open = lead.state === 'open';
  const [who, numbers, buttons] = leadEntry(
    { ...lead, why: null },
    {
      surface: 'hot',
      rank: null,
      revision: 0,
      now,
      primary: open,
      score: false,
      // Named above the lead while it waits.
      rep: !open,
      ...(view.viewer === undefined ? {} : { viewer: view.viewer }),
    },
  );
  const blocks: KnownBlock[] = [header(title), ...routedTo(view)];
  if (who !== undefined) blocks.push(who);
  const { shown, more } = strongest(view.reasons);
  blocks.push(...richLists(shown.map(reasonLine)));
  if (numbers !== undefined) blocks.push(numbers);
  blocks.push(...happened(view));
  if (lead.state !== 'closed' && buttons !== undefined) blocks.push(buttons);
  const foot = [HOT.ruleset(view.rulesetVersion)];
  if (more > 0) foot.push(HOT.moreLines(more));
  blocks.push(context(mrkdwn(foot.join('  ·  '))));
  return { text: fallback(view, now), blocks };
}

/** What to do with it now, by the tier that counts and by who has it. */
function titleOf({ effectiveTier, points, state }: LeadRow): string {
  const inTurn = effectiveTier === 'A' ? HOT.callFirst : HOT.inTurn;
  return HOT.title(effectiveTier, points, state === 'open' ? inTurn : HOT.state[state]);
}

/**
 * Mentions the rep, once: Slack notifies on a mention in the blocks of a new message, and not when a message
 * is updated. Gone when the lead is taken, so that a message posted anew after that pings nobody.
 */
function routedTo({ lead, pings = true, viewer }: HotLeadView): KnownBlock[] {
  const { state, rep } = lead;
  if (state !== 'open') return [];
  if (rep === null) return [richText(span(HOT.anyone))];
  if (rep === viewer) return [richText(span(HOT.directlyYours))];
  if (viewer !== undefined || !pings) {
    const name = fitLine(lead.repName ?? '', LEAD_TEXT_LIMITS.rep) || LEAD.someone;
    return [richText(span(HOT.routedTo(name)))];
  }
  return [richText(person(rep), span(`, ${HOT.yours}`))];
}

/** What sets the tier, then what moved the score most, for and against; `more`: lines of the score in Why. */
function strongest(reasons: readonly Reason[]): { shown: Reason[]; more: number } {
  const setsTier = reasons.filter((reason) => reason.kind === 'tier');
  const strongest = reasons
    .filter((reason) => reason.points !== 0)
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const shown = [...setsTier.slice(0, 1), ...strongest.slice(0, LINES_SHOWN)];
  return { shown, more: scoreLines(reasons).length + setsTier.length - shown.length };
}

function reasonLine({ kind, points, text }: Reason): RichTextElement[] {
  const said = fitLine(text, LEAD_TEXT_LIMITS.reason);
  return kind === 'tier' ? [span(said)] : [span(signed(points), 'bold'), span(` ${said}`)];
}

function happened({ lead, overridden }: HotLeadView): KnownBlock[] {
  const said = [
    ...(overridden === null ? [] : [overrideOf(overridden)]),
    ...(lead.state === 'closed' ? [HOT.closed] : []),
  ];
  return said.length === 0 ? [] : [richText(span(said.join(' ')))];
}

function overrideOf({ byName, toTier }: NonNullable<HotLeadView['overridden']>): string {
  const by = fitLine(byName ?? '', LEAD_TEXT_LIMITS.rep) || LEAD.someone;
  return HOT.overriddenTo(by, toTier);
}

/** Names, not mentions: the blocks have the one mention that is wanted. */
function fallback({ lead, viewer }: HotLeadView, now: Date): string {
  const line = leadLine(lead, null, now, viewer === undefined ? {} : { viewer });
  return `${titleOf(lead)}. ${line}`;
}

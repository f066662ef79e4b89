import { fitLine } from '../text/escape.ts';
import { LEAD_TEXT_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { LEAD } from '../text/words.ts';
import type { LeadRow } from '../views.ts';

/** Clean and cut, for plain_text and rich_text. */
export function personOf(lead: LeadRow): string {
  return fitLine(lead.personName ?? '', LEAD_TEXT_LIMITS.person) || LEAD.noPerson;
}

export function titleOf(lead: LeadRow): string | null {
  return fitLine(lead.title ?? '', LEAD_TEXT_LIMITS.title) || null;
}

export function companyOf(lead: LeadRow): string {
  return fitLine(lead.company ?? '', LEAD_TEXT_LIMITS.company) || LEAD.noCompany;
}

/** What they wrote, in quotes. Says that it is the newest message when an earlier one asked for more. */
export function askedOf({ asked, askedEarlier }: LeadRow): string | null {
  const said = fitLine(asked ?? '', LEAD_TEXT_LIMITS.asked);
  if (said === '') return null;
  return askedEarlier ? LEAD.newestMessage(said) : `“${said}”`;
}

/**
 * "+20" and "450 employees, our sweet spot", apart so that the numbers do not run together. What sets the
 * tier by itself has no points to show.
 */
function whyOf({ why }: LeadRow): { points: string | null; text: string } | null {
  if (why === null) return null;
  const text = fitLine(why.text, LEAD_TEXT_LIMITS.why);
  if (why.points === 0) return text === '' ? null : { points: null, text };
  return { points: signed(why.points), text };
}

/** What explains the score in one line: what set the tier or moved it most, and the strongest against it. For comes first. */
export function whyLines(lead: LeadRow): { points: string | null; text: string }[] {
  const why = whyOf(lead);
  const text = fitLine(lead.other?.text ?? '', LEAD_TEXT_LIMITS.other);
  const other = lead.other && text !== '' ? { points: signed(lead.other.points), text } : null;
  const lines = [why, other].filter((line) => line !== null);
  return (lead.why?.points ?? 0) < 0 ? lines.toReversed() : lines;
}

/** "new", "was B 58": what changed on the board. */
export function newsOf({ news }: LeadRow): string | null {
  if (news === undefined) return null;
  return news.kind === 'new' ? LEAD.isNew : LEAD.was(news.tier, news.points);
}

/** Somebody else has accepted it: nobody but them, or a manager, takes it away. False while nobody says who looks. */
export function isAnothers(lead: LeadRow, viewer: string | undefined): boolean {
  const isTaken = lead.state === 'accepted' || lead.state === 'contacted';
  return isTaken && lead.accepted !== null && viewer !== undefined && lead.rep !== viewer;
}

/** "Dana Sample, Head of Operations, Example Freight" */
export function nameOf(lead: LeadRow): string {
  return [personOf(lead), titleOf(lead), companyOf(lead)]
    .filter((part) => part !== null)
    .join(', ');
}

/** "47 to 82 points, could be A or C", when what is missing could change the tier; else null. */
export function rangeOf(lead: LeadRow): string | null {
  const others = lead.possibleTiers.filter((tier) => tier !== lead.tier);
  if (others.length === 0 || lead.range.min === lead.range.max) return null;
  const { min, max, approximate } = lead.range;
  return `${LEAD.range(min, max, approximate)}, ${LEAD.couldBe(others)}`;
}

/** Only addresses that a browser opens safely; anything else is no link at all. */
export function crmUrlOf(lead: { crmUrl: string | null }): string | null {
  const url = lead.crmUrl;
  if (url === null || url.length > LEAD_TEXT_LIMITS.crmUrl || !URL.canParse(url)) return null;
  return /^https?:$/.test(new URL(url).protocol) ? url : null;
}

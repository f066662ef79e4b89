import type { LeadState } from '../lead/lead.ts';
import type { DecisionKind } from './ledger.ts';

/** In which states a lead can take which decision. */
const ALLOWED: Record<Exclude<DecisionKind, 'undone'>, readonly LeadState[]> = {
  accepted: ['open', 'snoozed'],
  overridden: ['open', 'accepted', 'contacted', 'snoozed'],
  disqualified: ['open', 'accepted', 'contacted', 'snoozed'],
  snoozed: ['open', 'accepted'],
  reassigned: ['open', 'accepted', 'contacted', 'snoozed'],
  handed_over: ['accepted', 'contacted'],
  released: ['held'],
};

export function allows(kind: Exclude<DecisionKind, 'undone'>, state: LeadState): boolean {
  return ALLOWED[kind].includes(state);
}

const STATE_WORDS: Record<LeadState, string> = {
  held: 'is held until a manager releases it',
  open: 'is open',
  accepted: 'is accepted',
  contacted: 'has been contacted',
  snoozed: 'is snoozed',
  closed: 'is closed',
};

export function notPossible(shortId: string, state: LeadState): string {
  return `${shortId} ${STATE_WORDS[state]}, so this is not possible any more.`;
}

/** Held or not, nobody should be put before a rep by one careless tap who asked not to be contacted. */
export function askedNotToBeContacted(lead: {
  held_detail: string | null;
  profile: { optedOut: boolean | null };
}): boolean {
  return lead.profile.optedOut === true || lead.held_detail === OPTED_OUT;
}

/** Code of the hard stop in the rules that First Call comes with. */
const OPTED_OUT = 'opted_out';

/** Undo is offered for this long. */
export const UNDO_WINDOW_MS = 5 * 60_000;

/** What undoing needs to know of a lead's earlier decisions, newest first. */
export interface PastDecision {
  id: string;
  kind: DecisionKind;
  actor: string;
  toTier: string | null;
  decidedAt: Date;
  undone: boolean;
}

/** The override that stands when `undoneId` no longer counts; null: the engine's own tier. */
export function standingOverride(past: PastDecision[], undoneId: string): string | null {
  const standing = past.find(
    (decision) => decision.kind === 'overridden' && !decision.undone && decision.id !== undoneId,
  );
  return standing?.toTier ?? null;
}

/** Who has the lead when `undoneId` no longer counts. */
export function standingAcceptance(past: PastDecision[], undoneId: string): PastDecision | null {
  for (const decision of past) {
    if (decision.undone || decision.id === undoneId) continue;
    if (decision.kind === 'accepted') return decision;
    if (decision.kind === 'reassigned' || decision.kind === 'snoozed') return null;
  }
  return null;
}

import type { LeadState } from '../lead/lead.ts';
import type { DecisionKind } from './ledger.ts';

/** In which states a lead can take which decision. */
const ALLOWED: Record<Exclude<DecisionKind, 'undone'>, readonly LeadState[]> = {
  accepted: ['open', 'snoozed'],
  overridden: ['open', 'accepted', 'contacted', 'snoozed'],
  disqualified: ['open', 'accepted', 'contacted', 'snoozed'],
  snoozed: ['open', 'accepted'],
  reassigned: ['open', 'accepted', 'contacted', 'snoozed'],
  handed_over: ['open', 'accepted', 'contacted', 'snoozed'],
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

export const LONGEST_SNOOZE_DAYS = 30;
const DAY_MS = 86_400_000;

/** Null: a lead may sleep until then. */
export function snoozeProblem(until: Date, now: Date): 'past' | 'too_far' | null {
  const left = until.getTime() - now.getTime();
  if (!(left > 0)) return 'past';
  return left > LONGEST_SNOOZE_DAYS * DAY_MS ? 'too_far' : null;
}

/** What undoing needs to know of a lead's earlier decisions, newest first. */
export interface PastDecision {
  id: string;
  kind: DecisionKind;
  actor: string;
  toTier: string | null;
  snoozedUntil: Date | null;
  decidedAt: Date;
  undone: boolean;
}

/**
 * The newer decision on which undoing `target` would tread; null: none. A tier and whose lead it is are two things:
 * what is said of the one leaves the other as it is.
 */
export function overtakenBy(past: PastDecision[], target: { id: string; kind: DecisionKind }) {
  const isTier = (kind: DecisionKind) => kind === 'overridden';
  const newest = past.find(
    ({ id, kind, undone }) =>
      id === target.id ||
      (!undone && (kind === 'disqualified' || isTier(kind) === isTier(target.kind))),
  );
  return newest === undefined || newest.id === target.id ? null : newest;
}

/** The override that stands when `undoneId` no longer counts; null: the engine's own tier. */
export function standingOverride(past: PastDecision[], undoneId: string): string | null {
  const standing = past.find(
    (decision) => decision.kind === 'overridden' && !decision.undone && decision.id !== undoneId,
  );
  return standing?.toTier ?? null;
}

export interface Standing {
  state: Extract<LeadState, 'open' | 'accepted' | 'contacted' | 'snoozed'>;
  /** By whom, and since when; null while nobody has it. */
  acceptance: PastDecision | null;
  snoozedUntil: Date | null;
}

const MOVES: readonly DecisionKind[] = ['accepted', 'snoozed', 'reassigned', 'handed_over'];

/** Where the lead stands when `undoneId` no longer counts. `firstTouchAt`: what the CRM told. */
export function standingState(
  past: PastDecision[],
  undoneId: string,
  firstTouchAt: Date | null,
  now: Date,
): Standing {
  const moves = past.filter(
    ({ id, kind, undone }) => !undone && id !== undoneId && MOVES.includes(kind),
  );
  const [last] = moves;
  const acceptance = last?.kind === 'accepted' ? last : null;
  const openedAt = moves.find(({ kind }) => kind !== 'accepted')?.decidedAt;
  const isTouched =
    firstTouchAt !== null &&
    (openedAt === undefined || firstTouchAt.getTime() > openedAt.getTime());
  if (isTouched) return { state: 'contacted', acceptance, snoozedUntil: null };
  const until = last?.kind === 'snoozed' ? last.snoozedUntil : null;
  if (until !== null && until > now) return { state: 'snoozed', acceptance, snoozedUntil: until };
  return { state: acceptance === null ? 'open' : 'accepted', acceptance, snoozedUntil: null };
}

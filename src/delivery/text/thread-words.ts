import type { DecisionKind } from '../../decisions/ledger.ts';
import type { Outcome } from '../../lead/crm-outcome.ts';
import type { Tier } from '../../scoring/assessment.ts';
import { count } from './numbers.ts';

/* The words of a hot lead's thread: what happened after its message. Values come in clean; nothing here escapes. */

/** What an undo took back. */
const UNDONE: Readonly<Record<DecisionKind, string>> = {
  accepted: 'the acceptance',
  overridden: 'the override',
  snoozed: 'the snooze',
  disqualified: 'taking it off the board',
  reassigned: '“not mine”',
  handed_over: 'the handover',
  released: 'the release',
  undone: 'the undo',
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  contacted: 'The CRM says: contacted.',
  converted: 'The CRM says: converted.',
  won: 'The CRM says: won.',
  lost: 'The CRM says: lost.',
  disqualified: 'The CRM says: disqualified.',
};

const CLOSED: Readonly<Record<string, string>> = {
  aged_out: 'Closed: it waited for a call for too long. Asking again opens it.',
  closed_in_crm: 'Closed: it is closed in the CRM.',
  deleted_in_crm: 'Closed: it was deleted in the CRM.',
  converted_in_crm: 'Closed: it was converted in the CRM.',
};

export const THREAD = {
  accepted: (by: string, after: string | null) =>
    after === null ? `Accepted by ${by}.` : `Accepted by ${by}, ${after} after it was shown.`,
  undone: (by: string, decision: DecisionKind) => `${by} undid ${UNDONE[decision]}.`,
  overridden: (by: string, tier: Tier | null, reason: string | null) =>
    because(`Overridden${tier === null ? '' : ` to ${tier}`} by ${by}`, reason),
  disqualified: (by: string, reason: string | null) =>
    because(`Taken off the board by ${by}`, reason),
  /** A time follows, then `stop`. */
  snoozed: (by: string) => `Snoozed by ${by} until `,
  stop: '.',
  back: (by: string) => `Handed back to the team by ${by}.`,
  given: (by: string, to: string) => `Handed over to ${to} by ${by}.`,
  released: (by: string) => `Released by ${by}.`,
  score: (tier: Tier, points: number, was: string) => `Now ${tier} ${points}. ${was}.`,
  outcome: (outcome: Outcome) => OUTCOMES[outcome],
  closed: (reason: string) =>
    (Object.hasOwn(CLOSED, reason) ? CLOSED[reason] : undefined) ?? 'Closed.',
  more: (n: number) => `${count(n, 'more line')} under Why.`,
} as const;

function because(what: string, reason: string | null): string {
  return reason === null || reason === '' ? `${what}.` : `${what}: ${reason}.`;
}

import type { Tier } from '../../scoring/assessment.ts';
import { count, ordinal } from './numbers.ts';

/* The words of handing over, assigning, snoozing, and of what came of an override. */

/** Why somebody cannot get a lead. */
export const RECEIVER = {
  unknown: 'Nothing was done. Slack has nobody of this id here.',
  bot: 'Nothing was done. An app cannot call a lead. Pick a person.',
  deactivated: 'Nothing was done. Their account is switched off. Pick somebody else.',
  noRole:
    'Nothing was done. They have no role in First Call. An admin can change that with /firstcall grant.',
  away: 'Nothing was done. They are away. Pick somebody else.',
  yourself: 'That is you. Accept the lead instead.',
  hasIt: (id: string) => `Nothing was done. ${id} is routed to them already.`,
  notRouted: (id: string) =>
    `Nothing was done. ${id} is on no board yet. Try again in a few seconds.`,
  movedMeanwhile: (id: string) =>
    `Nothing was done. ${id} went to somebody else since you opened this. Look at it again first.`,
} as const;

export const SNOOZE = {
  title: 'Snooze',
  save: 'Snooze',
  when: 'Back on the board',
  choice: {
    hour: (at: string) => `In 1 hour, ${at}`,
    afternoon: (at: string) => `This afternoon, ${at}`,
    tomorrow: (at: string) => `Tomorrow, ${at}`,
    workday: (at: string) => `Next working day, ${at}`,
    week: (at: string) => `In a week, ${at}`,
    other: 'Another time',
  },
  other: 'Another time',
  otherHint: 'Counts when “Another time” is picked above. At most 30 days from now.',
  pick: 'Pick a time.',
  pickOther: 'Pick the other time here.',
  past: 'That time has passed. Pick a later one.',
  tooFar: (days: number) => `That is more than ${count(days, 'day')} away. Pick an earlier time.`,
  /** A moment follows, which Slack may begin with a capital: "Tomorrow at 9:00 AM". */
  until: (id: string) => `Recorded. ${id} is snoozed. Back on the board:`,
} as const;

export const HAND_OVER = {
  title: 'Hand over',
  save: 'Hand over',
  to: 'To whom?',
  placeholder: 'Pick a colleague',
  hint: 'They are told at once, and have it once they accept it. The due time stays.',
  note: 'Note to them',
  pick: 'Pick a colleague.',
  handed: (id: string) => `Recorded. ${id} is handed over`,
  /** A name stands before it. */
  gave: (id: string) => `handed ${id} to you.`,
  said: 'Note:',
  undone: (by: string, id: string) => `${by} took ${id} back again. Nothing is to be done.`,
} as const;

export const ASSIGNED = {
  /** What happened since the form was opened: a mention, a moment. */
  acceptedSince: (by: string, when: string) =>
    `Not saved: ${by} accepted this ${when}. Save again to take it from them.`,
  movedSince: (rep: string) =>
    `Not saved: this went to ${rep} since you opened the form. Save again to move it all the same.`,
  backSince:
    'Not saved: this went back to the team since you opened the form. Save again to assign it all the same.',
  assigned: (id: string) => `Recorded. ${id} is assigned`,
  takenBack: (id: string) => `Recorded. ${id} is back with the team.`,
  /** Told to whoever had accepted it. */
  given: (by: string, id: string, to: string) => `${by} gave ${id} to ${to}.`,
  back: (by: string, id: string) => `${by} put ${id} back on the team’s board.`,
  undone: (by: string, id: string) => `${by} gave ${id} back to you: it is yours again.`,
} as const;

/** Told to whose it was to call. A name stands first. */
export const PUT_OFF = {
  snoozed: (by: string, id: string) => `${by} snoozed ${id}. It stays yours to call.`,
  disqualified: (by: string, id: string) => `${by} took ${id} off the board.`,
  accepted: (by: string, id: string) => `${by} accepted ${id} while it was snoozed.`,
  undone: (by: string, id: string) => `${by} put ${id} back: it is yours to call again.`,
} as const;

export const AWAKE = {
  back: (id: string) => `${id} is back on the board: you snoozed it until now.`,
  backBy: (by: string, id: string) =>
    `${id} is back on the board, yours to call. ${by} snoozed it until now.`,
} as const;

const DID = {
  accepted: 'accepted it',
  overridden: 'overrode it',
  snoozed: 'snoozed it',
  disqualified: 'took it off the board',
  reassigned: 'gave it to somebody else or back to the team',
  handed_over: 'handed it over',
  released: 'released it',
} as const;

/** Why something cannot be undone. Plain text, unescaped. */
export const UNDO = {
  ownSince: (id: string, did: keyof typeof DID) =>
    `${id} stays as it is: you ${DID[did]} since. Undo that first.`,
  othersSince: (name: string | null, id: string, did: keyof typeof DID) =>
    `${id} stays as it is: ${name ?? 'a colleague'} ${DID[did]} since. Ask them, or decide again.`,
} as const;

export const DISQUALIFY = {
  title: 'Disqualify',
  /** A score follows. */
  leaves: 'Leaves the board; the CRM is told.',
} as const;

/** What came of an override: told as it is, without judging. */
export const CAME_OF_IT = {
  overrode: (id: string, tier: Tier) => `You overrode ${id} to ${tier}`,
  tookOff: (id: string) => `You took ${id} off the board`,
  outcome: {
    contacted: 'it has been contacted',
    converted: 'it converted',
    won: 'it was won',
    lost: 'it was closed without converting',
    disqualified: 'it was disqualified in the CRM',
  },
  rulesSaid: (tier: Tier) => `The rules said ${tier}.`,
} as const;

/** "1st of 12 on the board" */
export function placeText({ rank, of }: { rank: number; of: number }): string {
  return `${ordinal(rank)} of ${of.toLocaleString('en-US')} on the board`;
}

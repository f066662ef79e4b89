import type { DecisionKind, Worked } from '../../decisions/ledger.ts';
import type { Tier } from '../../scoring/assessment.ts';
import { oneOf } from '../../scoring/value-words.ts';
import { count } from './numbers.ts';

/*
 * Every word of the cards, modals and App Home. Sentence case, numbers first, no emoji, no blame.
 * Values that come from leads are passed in clean by the builders; nothing here escapes.
 */

export const LABELS = {
  accept: 'Accept',
  override: 'Override',
  why: 'Why',
  snooze: 'Snooze',
  notMine: 'Not mine',
  handOver: 'Hand over',
  disqualify: 'Disqualify',
  openCrm: 'Open in CRM',
  undo: 'Undo',
  release: 'Release',
  retry: 'Read again',
  dismiss: 'Dismiss',
  change: 'Change',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  preview: 'Preview',
  publish: 'Publish',
  rollback: 'Roll back',
  rules: 'Rules',
  previous: 'Previous',
  next: 'Next',
  show: 'Show',
} as const;

export const LEAD = {
  noPerson: 'Name not given',
  noCompany: 'company not given',
  fitIntent: (fit: number, intent: number) => `fit ${fit} + intent ${intent}`,
  range: (min: number, max: number, approximate: boolean) =>
    `${approximate ? 'about ' : ''}${min} to ${max} points`,
  couldBe: (tiers: readonly Tier[]) => `could be ${oneOf(tiers)}`,
  rulesSay: (tier: Tier) => `rules say ${tier}`,
  points: (points: number) => count(points, 'point'),
  noDue: 'no due time',
  isNew: '*new*',
  was: (tier: Tier, points: number) => `was ${tier} ${points}`,
  you: 'you',
  someone: 'a colleague',
  /** As a sentence begins. */
  someoneFirst: 'A colleague',
  newestMessage: (message: string) => `Newest message: “${message}”`,
  routedTo: (rep: string | null) => (rep === null ? 'for anyone' : `for ${rep}`),
  acceptedBy: (rep: string) => `accepted by ${rep}`,
  acceptedAt: (rep: string, when: string, after: string | null) =>
    `accepted by ${rep} ${when}${after === null ? '' : `, in ${after}`}`,
  snoozed: 'snoozed',
  snoozedUntil: (at: string) => `snoozed until ${at}`,
  closed: 'closed',
  held: 'held',
} as const;

export const BOARD = {
  title: (open: number) => `${count(open, 'lead')} to call, best first`,
  shown: (shown: number) => `${shown} shown`,
  overdue: (n: number) => `${n} overdue`,
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
  mine: '`/firstcall next` gives you the best one that is yours to take.',
  moved: 'The board moved down: it is the newest one in this channel.',
  empty: 'Nothing waits for a call. New leads appear here by themselves, in call order.',
  order:
    'Order: tier, then overdue or due within 15 min, then points, then oldest first. Ties by lead id.',
  ruleset: (version: number) => `Ruleset ${version}`,
  rescoring: (live: number, older: readonly number[]) =>
    `Ruleset ${live} is live, leads scored with ruleset ${older.join(' and ')} are being scored again`,
  asOf: (time: string) => `as of ${time}`,
  held: (parts: readonly string[]) =>
    `${parts.join(', ')}: managers see more with \`/firstcall held\`.`,
} as const;

export const HOT = {
  title: (tier: Tier, points: number, what: string) =>
    `Tier ${tier}, ${count(points, 'point')}: ${what}`,
  callFirst: 'call first',
  inTurn: 'call in board order',
  state: {
    accepted: 'accepted',
    contacted: 'contacted',
    snoozed: 'snoozed',
    closed: 'closed',
    held: 'held',
  },
  yours: 'this one is routed to you.',
  directlyYours: 'This one is routed to you.',
  routedTo: (rep: string) => `Routed to ${rep}.`,
  anyone: 'Routed to nobody yet: anyone may take it.',
  overriddenTo: (by: string, tier: Tier | null) =>
    tier === null ? `${by} overrode it: should not be called.` : `${by} overrode it to ${tier}.`,
  closed: 'Closed. Nothing is to be done here.',
  ruleset: (version: number) => `Ruleset ${version}`,
  moreLines: (n: number) => `${count(n, 'more line')} of the score under Why`,
  moreHot: (n: number, inTenMinutes: number | null) =>
    `${count(n, 'more hot lead')}${inTenMinutes === null ? '' : ` (${inTenMinutes} in ten minutes)`}`,
  wereHot: (n: number) => (n === 1 ? '1 more lead that was hot' : `${n} more leads that were hot`),
  noneLeft: 'none left to call',
  someFirst: (first: number, others: number) => `call ${first} first, ${others} in board order`,
  left: (n: number) => `${n} left to call`,
  allFirst: (n: number) => (n === 1 ? 'call it first' : 'call these first'),
  summaryFoot: 'After five hot messages in ten minutes, the leads that follow share one.',
} as const;

export const WHY = {
  lastSignal: (kind: string) => `last ${kind}`,
  signalWithin: (kind: string, n: number, hours: boolean) =>
    `${kind} in ${count(n, hours ? 'hour' : 'day')}`,
  title: 'Why this lead',
  sum: (points: number, fit: number, intent: number) =>
    `${count(points, 'point')} = fit ${fit} + intent ${intent}`,
  between: (range: string, tiers: readonly Tier[]) =>
    `Some values are missing. Once known: ${range}, tier ${oneOf(tiers)}.`,
  exact: 'Exact: no missing value can change it.',
  axis: { fit: 'Fit', intent: 'Intent', both: 'Fit and intent together' },
  axisTotal: (axis: string, points: number) => `${axis} ${points}`,
  total: 'Total',
  folded: (n: number) => `${count(n, 'smaller line')} together`,
  tier: 'What sets the tier',
  missing: 'Missing, and what each could change',
  lift: 'What would lift it',
  routed: 'Routed',
  history: 'Scores before',
  historyLine: (tier: Tier, points: number, version: number) =>
    `${tier} ${points}, ruleset ${version}`,
  decisions: 'Decisions',
  undone: 'undone',
  wrong: (lines: readonly string[]) =>
    `${lines.length === 1 ? 'Wrong line' : 'Wrong lines'}: ${lines.join('; ')}`,
  worked: (answer: string) => `Worked: ${answer}`,
  note: (note: string) => `Note: ${note}`,
  /** A name follows. */
  gaveTo: 'gave it to',
  touches: 'Where it came from',
  ruleset: (version: number, hash: string, engine: string) =>
    `Ruleset ${version} (${hash}), engine ${engine}`,
  scored: 'scored',
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
} as const;

export const DECIDED: Readonly<Record<DecisionKind, string>> = {
  accepted: 'accepted',
  overridden: 'overrode',
  snoozed: 'snoozed',
  disqualified: 'took it off the board',
  reassigned: 'gave it back to the team',
  handed_over: 'handed it over',
  released: 'released',
  undone: 'undid',
};

export const WORKED_LABELS: Readonly<Record<Worked, string>> = {
  no: 'Not yet',
  tried: 'Tried, not reached',
  reached: 'Reached',
};

export const OVERRIDE_NEWS = {
  you: (shortId: string, tier: Tier) => `You overrode ${shortId} to ${tier}.`,
  agrees: (tier: Tier) => `The rules now say ${tier} too`,
  differs: (tier: Tier, before: Tier) => `The rules now say ${tier}, before ${before}`,
  ruleset: (version: number) => `ruleset ${version}`,
} as const;

export const OVERRIDE = {
  title: 'Override',
  lead: (tier: Tier, points: number) => `${tier} ${points} now`,
  target: 'What should it be?',
  tier: (tier: Tier) => `Tier ${tier}`,
  out: 'Off the board: should not be called',
  reason: 'Why?',
  reasonPlaceholder: 'Pick one',
  reasonsForTier: 'The tier is wrong',
  reasonsForOut: 'Should not be called',
  wrongLines: 'Which lines are wrong?',
  moreWrongLines: 'More lines',
  wrongLinesHint: 'Tells us which rule to mend.',
  worked: 'Had you worked it?',
  note: 'Note',
  noteHint: 'Seen by managers. Leave out personal details.',
  pickTarget: 'Pick what it should be.',
  pickReasonForTier: 'Pick a reason from "The tier is wrong".',
  pickReasonForOut: 'Pick a reason from "Should not be called".',
  stale: {
    rules_changed:
      'Not saved: the rules changed since you opened this. Look at the new score and save again; what you entered is kept where it still fits.',
    not_offered:
      'Not saved: a reason or line that you picked is not offered for this lead. Pick again; the rest of what you entered is kept.',
    tier_changed:
      'Not saved: the tier changed since you opened this. Look at the new one and save again; what you entered is kept where it still fits.',
  },
  /** A mention, a tier and a moment. */
  overriddenSince: (by: string, to: Tier, when: string) =>
    `Not saved: ${by} overrode this to ${to} ${when}. Save again to replace it; what you entered is kept where it still fits.`,
  sameTier: 'It is in this tier already. Pick another one.',
} as const;

export const MODAL = {
  loading: 'One moment',
  loadingText: 'Reading…',
  saving: 'Saving',
  savingText: 'Saving. You will see here when it is recorded.',
  computing: 'Computing',
  computingText: 'Scoring the open leads with your change…',
  done: 'Done',
  notDone: 'Not done',
  notFound: 'This lead is not there any more.',
} as const;

export const RULES = {
  title: 'Rules',
  live: (version: number, n: number) => `Ruleset ${version}, ${count(n, 'rule')}`,
  by: 'published by',
  off: 'off',
  noPoints: 'no points',
  page: (from: number, to: number, all: number) => `${from} to ${to} of ${all}`,
  changeTitle: 'Change a rule',
  points: 'Points',
  pointsHint: 'Whole points, from −100 to 100. Below 0 takes points away.',
  enabled: 'In use',
  on: 'On',
  offOption: 'Off',
  note: 'Why this change?',
  noteHint: 'Kept with the new version.',
  noteMissing: 'Say in a few words why, at least 3 letters.',
  nothingChanged: 'Nothing is changed yet.',
  notWhole: 'Points are a whole number from −100 to 100.',
  previewTitle: 'Before you publish',
  previewMoved: (moved: number, open: number) =>
    `${moved} of ${count(open, 'open lead')} would change tier`,
  previewRepointed: (n: number) => `${n} more would change points only`,
  previewRerouted: (n: number, open: number) =>
    `${n} of ${count(open, 'open lead')} would change team or rep`,
  reroutedTeam: (from: string, to: string) => `${from} to ${to}`,
  reroutedRep: (team: string) => `another rep of ${team}`,
  previewNothing: (open: number) => `0 of ${count(open, 'open lead')} would change`,
  change: (rule: string, change: string) => `${rule}: ${change}`,
  pointsChange: (from: string, to: string) => `${from} to ${to} points`,
  enabledChange: (enabled: boolean) => (enabled ? 'switched on' : 'switched off'),
  rollbackTitle: 'Roll back rules',
  rollbackText: (live: number) =>
    `Ruleset ${live} is live. Rolling back publishes a copy of an earlier one as a new version; nothing is deleted.`,
  rollbackPick: 'Back to',
  rollbackNote: 'Why go back?',
  rollbackPreviewTitle: 'Before you roll back',
  rollbackTo: (to: number, live: number) =>
    `Back to the rules of ruleset ${to}, as ruleset ${live + 1}`,
  conflict: (live: number) =>
    `Somebody published other rules since you opened this: ruleset ${live} is live now. What you entered is kept; look at it and preview again.`,
  version: (version: number) => `Ruleset ${version}`,
  noEarlier: 'There is no earlier ruleset to go back to.',
  published: (version: number, rescoring: string) =>
    `Ruleset ${version} is live. ${rescoring} to rescore; the boards follow by themselves.`,
  rolledBack: (to: number, version: number, rescoring: string) =>
    `Back to the rules of ruleset ${to}, live as ruleset ${version}. ${rescoring} to rescore; the boards follow by themselves.`,
  rescoring: (open: number, others: number) =>
    others === 0
      ? count(open, 'open lead')
      : `${count(open, 'open lead')} and ${others} accepted, snoozed or held`,
  closest: (ids: readonly string[]) => `Closest: ${ids.join(', ')}.`,
  unknownRule: (id: string) => `No live rule is called ${id}.`,
} as const;

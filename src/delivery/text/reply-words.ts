import type { HeldEventAct } from '../../decisions/held-events.ts';
import type { LeadState } from '../../lead/lead.ts';
import type { Tier } from '../../scoring/assessment.ts';
import type { Role } from '../ports.ts';
import { count } from './numbers.ts';

/* The words of the answers that one person gets: replies, refusals, help. */

export const REPLY = {
  yours: (id: string, tier: Tier) => `Recorded. Yours to call: ${tier}, ${id}.`,
  yoursAgain: (id: string, tier: Tier) => `Recorded before. Yours to call: ${tier}, ${id}.`,
  noPhone: 'No phone number given',
  noEmail: 'no e-mail given',
  undoUntil: 'Undo until',
  /** `place`: "1st of 12 on the board"; null when it is on none. */
  overridden: (id: string, tier: Tier, place: string | null) =>
    `Recorded. ${id} is ${tier} now${place === null ? '' : `, ${place}`}.`,
  offBoard: (id: string) => `Recorded. ${id} is off the board.`,
  snoozed: (id: string) => `Recorded. ${id} is snoozed.`,
  notMine: (id: string) => `Recorded. ${id} is back with the team.`,
  released: (id: string) => `Recorded. ${id} goes on.`,
  undone: (id: string) => `Undone. ${id} is as it was before.`,
  recordedBefore: 'This was recorded before; nothing changed now.',
  takenBy: 'has it, since',
  taken: (id: string) => `${id} is taken.`,
  notFound: 'This lead is not there any more.',
  notRecorded: (ref: string) => `Not recorded, please click again (ref ${ref}).`,
  notRecordedForm: (ref: string) =>
    `Not recorded, please save again. What you entered is kept (ref ${ref}).`,
  notRecordedCommand: (ref: string) => `Not recorded, please send the command again (ref ${ref}).`,
  notYet: (ref: string) =>
    `Not recorded yet (ref ${ref}). No need to click again: you will be told here what came of it.`,
  unsure: (ref: string) =>
    `Nobody could find out whether this was recorded (ref ${ref}). Please look at the lead before you click again.`,
  afterAll: 'It took longer than usual, and it is done:',
  notRead: (ref: string) => `This cannot be read now. Please try again (ref ${ref}).`,
  stillReading: (ref: string) => `Still reading (ref ${ref}). The answer comes here.`,
  otherWorkspace: 'This First Call belongs to another workspace.',
  unknown: (ref: string) =>
    `This button or form is not one that First Call knows now. Nothing was done; please open it anew (ref ${ref}).`,
  cannotOpen: 'Slack did not open the window in time. Please click again.',
} as const;

export const QUEUE = {
  title: (mine: number, accepted: number) => `${count(mine, 'lead')} to take, ${accepted} accepted`,
  mine: 'To take, best first',
  accepted: 'Accepted by you',
  empty: '0 leads wait for you. `/firstcall next` looks on the board for one.',
  /** After lists of which not all is shown. */
  rest: 'The rest are in the app’s Home tab.',
  next: 'Your next call',
  noNext: '0 leads are waiting that are yours to take.',
  noBoard: 'This channel has no board. Boards live in the channels that routing names.',
  reposted: 'The board moves to the end of this channel.',
  justPosted: 'The board was posted less than a minute ago: it is the newest one in this channel.',
} as const;

export const HELD = {
  none: 'Nothing is held.',
  broken: (n: number) => `${n.toLocaleString('en-US')} could not be read or scored`,
  brokenHint: 'Mend the cause, then let it go on.',
  stopped: (n: number) => `${n.toLocaleString('en-US')} stopped by a rule`,
  stoppedHint: 'Nothing is wrong here. Release one that should be called all the same.',
  stoppedBy: (code: string) => `Stopped by a rule: ${code}`,
  cannotBeScored: (detail: string) => `Could not be scored: ${detail}`,
  detail: (detail: string) => `Detail: ${detail}.`,
  since: 'since',
  received: 'received',
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
  usage:
    'Say `/firstcall release L-4F7K`, or a name or a company. `/firstcall held` lists what is held.',
  noMatch: (text: string) =>
    `0 held leads match “${text}”. \`/firstcall held\` lists what is held.`,
  matches: (n: number, more: boolean) =>
    more
      ? `More than ${n} held leads match; these are held the longest. Which one? More words find fewer.`
      : `${count(n, 'held lead')} match. Which one?`,
  /** Of a lead that is not held. */
  notHeld: (id: string, state: LeadState) =>
    `${id} is ${state}, not held: there is nothing to release.`,
  settled: {
    retry: 'It is read again now. If it cannot be understood, it comes back to this list.',
    dismiss: 'Dismissed. It is out of the list, and its record is kept.',
  },
  gone: (last: { by: string; act: HeldEventAct } | null) => {
    if (last === null) return 'It is not held any more.';
    const did = last.act === 'retry' ? 'had it read again' : 'dismissed it';
    return `It is not held any more: <@${last.by}> ${did}.`;
  },
  optedOutTitle: 'They asked not to be contacted',
  optedOut: (label: string) =>
    `${label} opted out of contact. Releasing it puts it on a board, and somebody will call or write. Do so only if they have agreed to it since.`,
  keepHeld: 'Keep held',
  dismissTitle: 'Dismiss for good?',
  dismissText: (label: string) =>
    `${label} leaves this list and is not read again. Its record is kept.`,
} as const;

export const REPORT = {
  title: (days: number) => `Last ${period(days)}`,
  usage: (most: number) =>
    `Say \`/firstcall report\` for the last 30 days, or how many days, from 1 to ${most}: \`/firstcall report 7\`.`,
  conservation: (
    c: {
      received: number;
      merged: number;
      delivered: number;
      held: number;
      inFlight: number;
      tests: number;
    },
    days: number,
  ) =>
    `in ${period(days)}: ${c.received} received = ${c.merged} merged + ${c.delivered} delivered + ${c.held} held + ${c.inFlight} in flight${c.tests === 0 ? '' : ` + ${count(c.tests, 'test lead')}`}`,
  balanced: 'Nothing is lost.',
  unbalanced: (gap: number) =>
    `${count(Math.abs(gap), 'lead')} ${gap > 0 ? 'unaccounted for' : 'counted twice'}. Admins: see docs/operations.md.`,
  decisions: 'Decisions',
  counts: (d: {
    accepted: number;
    overridden: number;
    disqualified: number;
    snoozed: number;
    reassigned: number;
    handedOver: number;
    undone: number;
  }) =>
    `${d.accepted} accepted, ${d.overridden} overridden, ${d.disqualified} taken off, ${d.snoozed} snoozed, ${d.reassigned} reassigned, ${d.handedOver} handed over, ${d.undone} undone`,
  overrideRate: 'Override rate',
  /** After a rate: it can be less than the decisions that are counted beside it. */
  perScore: (rate: string) => `${rate}; one final decision per score counts`,
  byTier: 'By tier',
  byRule: 'By rule, where it fired',
  blamed: (share: string) => `blamed ${share}`,
  noDecisions: 'no decisions yet',
  noneIn: (tiers: readonly Tier[]) => `${tiers.join(', ')}: no decisions yet`,
  timeToAccept: 'Time to accept',
  noTimes: 'no accepts yet',
  fewTimes: (n: number, needed: number) =>
    `${count(n, 'accept')}, too few for times (needs ${needed})`,
  times: (median: string, p90: string, n: number) => `median ${median}, 9 of 10 ${p90} (n = ${n})`,
  notError: 'An override is not an error: outcomes tell later who was right.',
  more: (n: number) => `and ${count(n, 'more rule')}`,
} as const;

function period(days: number): string {
  return days === 1 ? '24 hours' : count(days, 'day');
}

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  guest: 'a guest',
  rep: 'a rep',
  manager: 'a manager',
  admin: 'an admin',
};

export const ROLES = {
  refused: (what: string, needed: Role, have: Role) =>
    `${what} needs ${ROLE_NAMES[needed]}; you are ${ROLE_NAMES[have]} here. An admin can change that with \`/firstcall grant\`.`,
  granted: (role: Role) => `is ${ROLE_NAMES[role]} now.`,
  unknownPerson: 'Slack knows nobody of this id here, so no role was granted.',
  notEligible: {
    bot: 'is an app. A role is for people, so none was granted.',
    deactivated: 'has a deactivated account, so no role was granted.',
    outsider: 'belongs to another workspace, so no role was granted.',
  },
  lastAdmin:
    'is the last admin. Make somebody else an admin first, so that roles and rules can still be changed.',
  configured: 'is named in `FIRSTCALL_ADMINS` and stays an admin. Take the name out there first.',
  unknownRole: (typed: string, near: readonly string[]) =>
    near.length === 0
      ? `There is no role ${typed}. Roles are \`rep\`, \`manager\` and \`admin\`; none was granted.`
      : `There is no role ${typed}, so none was granted. Did you mean ${near.map((role) => `\`${role}\``).join(' or ')}?`,
  usage:
    'Say `/firstcall grant @person rep`, `manager` or `admin`, and pick the person from Slack’s list.',
} as const;

export const SWITCH = {
  paused:
    'Paused. Nothing is posted; leads keep coming in and are scored. `/firstcall resume` goes on.',
  resumed: 'Resumed. The boards catch up by themselves.',
  stillPaused: 'Posting is paused. `/firstcall resume` goes on.',
} as const;

export const HEALTH = {
  title: 'Health',
  ok: 'ok',
  attention: 'needs attention',
  posting: 'Posting to Slack',
  paused: 'paused',
  running: 'running',
  ruleset: 'Rules',
  held: 'Read and scored',
  allRead: 'nothing is held up',
  stopped: 'Stopped by a rule',
  noneStopped: 'none',
  toLookAt: (n: number) => `${n.toLocaleString('en-US')} to look at with /firstcall held`,
  balance: 'Leads',
} as const;

export const FIND = {
  none: (text: string) =>
    `0 leads match “${text}”. Try a short id such as L-4F7K, a name or a company.`,
  many: (n: number, more: boolean) =>
    more
      ? `More than ${n} leads match; these are the newest ${n}. Which one? More words find fewer.`
      : `${count(n, 'lead')} match. Which one?`,
  usage: 'Say `/firstcall why L-4F7K`, or a name or a company.',
  noLeadHere: 'This message shows no lead. Use it on a board or a lead message of First Call.',
  pickTitle: 'Why this lead',
  pick: 'Which lead?',
} as const;

export const HELP = {
  title: 'What First Call can do',
  unknown: (text: string) => `There is no command ${text}.`,
  didYouMean: (commands: readonly string[]) =>
    `Did you mean ${commands.map((name) => `\`/firstcall ${name}\``).join(' or ')}?`,
  private: 'Answers are for you alone, unless you end with `share`: `/firstcall report share`.',
} as const;

import type { Outcome } from '../../lead/crm-outcome.ts';
import type { Tier } from '../../scoring/assessment.ts';
import type { HomeFilter, SetupStep } from '../home/home-views.ts';
import type { GrantableRole } from '../ports.ts';
import { count } from './numbers.ts';

/* Every word of App Home and of what opens from it. Values from leads and people come in clean. */

export const HOME = {
  title: 'Your queue',
  shown: (shown: number, all: number) => `${shown} of ${all.toLocaleString('en-US')} shown`,
  range: (from: number, to: number, all: number) =>
    `${from} to ${to} of ${all.toLocaleString('en-US')}`,
  lists: {
    all: (n: number) => `${count(n, 'lead')} to take, best first`,
    due: (n: number) => `${count(n, 'lead')} overdue or due soon`,
    new: (n: number) => `${count(n, 'lead')} new since you last opened this tab`,
    accepted: (n: number) => `${count(n, 'lead')} accepted by you`,
    snoozed: (n: number) => `${count(n, 'lead')} snoozed by you`,
  } satisfies Record<HomeFilter, (n: number) => string>,
  empty: {
    all: 'Nothing waits for you. Leads routed to you appear here; `/firstcall next` looks on the board for one.',
    due: 'Nothing is overdue or due within 15 min.',
    new: 'Nothing came to you since you last opened this tab.',
    accepted: 'You have no accepted lead at hand.',
    snoozed: 'You have put nothing off.',
  } satisfies Record<HomeFilter, string>,
  others: (n: number) => `${count(n, 'lead')} ${n === 1 ? 'is' : 'are'} under “All to take”.`,
  filter: 'Show',
  filters: {
    all: (n: number) => `All to take (${n})`,
    due: (n: number) => `Overdue or due soon (${n})`,
    new: (n: number) => `New since last time (${n})`,
    accepted: (n: number) => `Accepted by me (${n})`,
    snoozed: (n: number) => `Snoozed by me (${n})`,
  } satisfies Record<HomeFilter, (n: number) => string>,
  previous: (n: number) => `Previous ${n}`,
  next: (n: number) => `Next ${n}`,
  reportTitle: (days: number) => `All teams, last ${count(days, 'day')}`,
  rulesTitle: 'Rules',
  rules: (version: number, n: number) => `Ruleset ${version} is live, ${count(n, 'rule')}`,
  healthTitle: 'Health',
  attention: (n: number) => `${count(n, 'thing')} ${n === 1 ? 'needs' : 'need'} attention`,
  unavailable: 'Your queue cannot be read now. It comes back when you open this tab again.',
  partUnavailable: (part: string) =>
    `${part} cannot be read now. It comes back when you open this tab again.`,
  parts: {
    queue: 'Your queue',
    figures: 'Your figures',
    overrides: 'What came of your overrides',
    team: 'Your team',
    held: 'The list of held leads',
    report: 'The report',
    rules: 'The live rules',
    health: 'Health',
    people: 'The list of roles',
    setup: 'What is still to be set up',
    paused: 'Whether posting is paused',
  },
} as const;

export const FIGURES = {
  title: (days: number) => `You, last ${count(days, 'day')}`,
  timeToAccept: 'Time to accept',
  median: (median: string, n: number) => `median ${median} (n = ${n})`,
  few: (n: number, needed: number) => `${count(n, 'accept')}, too few for a time (needs ${needed})`,
  slaMet: 'Accepted in time',
  noSla: 'none was due yet',
  overrides: (n: number, days: number) =>
    `What came of your overrides: ${n} in ${count(days, 'day')}`,
  override: (lead: string, to: Tier | null, from: Tier | null) =>
    `${lead}: you said ${to ?? 'off the board'}${from === null ? '' : `, the rules ${from}`}; `,
  cameOfIt: {
    contacted: 'contacted',
    converted: 'converted',
    won: 'won',
    lost: 'lost',
    disqualified: 'disqualified in the CRM',
  } satisfies Record<Outcome, string>,
  noneYet: 'nothing from the CRM yet',
  own: 'Your own figures, compared with nobody’s.',
} as const;

export const TEAM = {
  title: 'Your teams today',
  none: 'No team in routing names you as its manager.',
  day: (c: { received: number; accepted: number; held: number }) =>
    `${c.received} in, ${c.accepted} accepted, ${c.held} held`,
  yesterday: 'Yesterday',
  today: 'Today so far',
  openNow: 'Open now',
  open: (n: number, tiers: string) => (n === 0 ? '0 leads' : `${count(n, 'lead')} (${tiers})`),
  overdue: (n: number) => `${n} overdue`,
  oldest: (when: string) => `oldest waits since ${when}`,
  more: (n: number) => `and ${count(n, 'more team')}`,
  assign: 'Assign or take back',
  morePeople: (n: number) =>
    `and ${count(n, 'more person', 'more people')} who ${n === 1 ? 'is' : 'are'} not there`,
  left: (name: string, n: number) =>
    `*${name}* has left the workspace and has ${count(n, 'lead')}.`,
  away: (name: string, n: number, day: string | null) =>
    `*${name}* is away${day === null ? '' : `, back on ${day},`} and has ${count(n, 'lead')}.`,
  giveBack: 'Give all back to the team',
  giveBackTitle: 'Give all back?',
  giveBackText: (name: string, n: number) =>
    `${count(n, 'lead')} of ${name} ${n === 1 ? 'goes' : 'go'} back to the board, open to anyone of the team. Each is a decision of its own in the record.`,
  giveBackYes: 'Give back',
  giveBackNo: 'Leave them',
  gaveBack: (n: number, name: string) =>
    `Recorded. ${count(n, 'lead')} of ${name} ${n === 1 ? 'is' : 'are'} back with the team.`,
  notGivenBack: (n: number) =>
    `${count(n, 'lead')} changed meanwhile and ${n === 1 ? 'stays' : 'stay'} as ${n === 1 ? 'it is' : 'they are'}.`,
  nothingToGiveBack: (name: string) => `${name} has no lead on their hands any more.`,
} as const;

export const ASSIGN = {
  title: 'Assign or take back',
  team: (team: string, n: number) => `${team}: ${count(n, 'lead')} open, accepted or snoozed`,
  empty: (team: string) => `${team} has no open, accepted or snoozed lead.`,
  pick: 'Assign',
  who: 'Who has it next?',
  placeholder: 'Pick one',
  back: 'Back to the team, open to anyone',
  noTeam: 'This team is not one that you look after, or routing does not name it any more.',
  notOffered: 'They are not there to take it, or not in this team any more. Nothing was changed.',
  gone: 'This lead is not with a team of yours any more.',
  nobody: 'Nobody else of this team is there to take it, and it is open to anyone already.',
  save: 'Assign',
} as const;

export const PEOPLE = {
  title: 'Roles',
  role: { rep: 'rep', manager: 'manager', admin: 'admin' } satisfies Record<GrantableRole, string>,
  grantedBy: 'granted by',
  more: (n: number) => `and ${n.toLocaleString('en-US')} more`,
  everyone: 'Every other full member of the workspace is a rep.',
  person: 'Who gets a role?',
  roleFor: 'Which role?',
  grant: 'Grant role',
  pickBoth: 'Pick a person and a role, then Grant role. Nothing was changed.',
  notInSlack: (n: number) => `${count(n, 'address', 'addresses')} in routing not found in Slack`,
  notInSlackHint:
    'Their leads go to the others of the team. Pick the people anew with `/firstcall setup`, or invite them to Slack.',
  notInCrm: (n: number) => `${count(n, 'rep')} without a CRM user`,
  notInCrmHint:
    'What they accept gets no owner in the CRM. Give a CRM user the same e-mail address; it is found within 10 minutes.',
} as const;

export const INTRO = {
  gotIt: 'Got it',
  title: {
    rep: 'How it works',
    manager: 'For managers',
    admin: 'Set up First Call',
  } satisfies Record<GrantableRole, string>,
  lines: {
    rep: [
      'Leads come into your team’s channel, the next one to call on top. Yours are listed here too.',
      'Accept makes a lead yours and shows you phone and e-mail. Override says that the tier is wrong, and why.',
      '`/firstcall next` gives you the best lead that is yours to take.',
    ],
    manager: [
      'Your teams are below: what came in, what waits, and since when.',
      'Assign or take back moves a lead. Held leads wait for you: release one that should be called.',
      '`/firstcall report` shows override rates and times, `/firstcall pause` stops posting at once.',
    ],
    admin: [
      'Each step is checked against what is there now. `/firstcall setup` shows teams and channels.',
    ],
  } satisfies Record<GrantableRole, readonly string[]>,
  left: (n: number) => `${count(n, 'step')} to go.`,
  allDone: 'All is set up.',
  done: 'done',
  open: 'to do',
  steps: {
    channels: {
      name: 'First Call is in the team channels',
      todo: (missing: string) => `not in ${missing} yet: say /invite @First Call there`,
    },
    reps: {
      name: 'Reps found in Slack',
      todo: (missing: string) => `not found: ${missing}`,
    },
    sources: {
      name: 'A source of leads',
      todo: () => 'none is configured: see “Configuration” in the README',
    },
    crm: {
      name: 'CRM connected',
      todo: () =>
        'not connected, so nothing is written back: see “Set up Salesforce” in the README',
    },
    first_lead: {
      name: 'A first lead has come in',
      todo: () => 'none yet: send one from the source',
    },
  } satisfies Record<SetupStep['id'], { name: string; todo: (missing: string) => string }>,
} as const;

import type { Alerts } from '../../routing/availability.ts';
import type { OverrideOutcome } from '../digest-view.ts';
import type { DayCounts } from '../home/home-views.ts';
import { FIGURES, TEAM } from './home-words.ts';
import { count } from './numbers.ts';

/* The words about one person's own settings: preferences, absence. */

export const PREFS = {
  title: 'Preferences',
  whoSees: 'Only you see what you choose here; managers see who is away.',
  alerts: 'Hot leads that are routed to you',
  alertChoices: {
    channel: ['Mention me in the channel', 'The team sees the lead, you are pinged'],
    direct: ['Send me a direct message', 'The channel names you without a ping'],
    none: ['Do not ping me', 'The channel names you without a ping'],
  } satisfies Record<Alerts, readonly [string, string]>,
  quietFrom: 'Quiet from',
  quietTo: 'Quiet until',
  quietHint:
    'Nothing about leads pings you then. Direct messages wait, and are not sent for leads taken meanwhile.',
  digest: 'Digest on working days',
  digestHint: 'What waits for you, the best three and why. No message when nothing waits.',
  off: 'Off',
  awayFrom: 'Away from',
  awayUntil: 'Back on',
  awayHint: 'New leads go to colleagues until that day. Leave both days empty when you are here.',
  pickDay: 'Pick a day',
  absence: 'When I am away',
  giveBack: (leads: number) => `Give my ${count(leads, 'lead')} not called yet back to the team`,
  giveBackNone: 'Give my leads not called yet back to the team',
  giveBackHint: 'As the absence begins today; colleagues can take them at once, snoozed ones too',
  endAbsence: 'I am here: end my absence',
  endAbsenceHint: 'New leads come to you again from now on',
} as const;

export const PREFS_PROBLEM = {
  quietNeedsEnd: 'Say when quiet hours end, or switch their start off.',
  quietNeedsStart: 'Say when quiet hours begin, or switch their end off.',
  quietIsEmpty: 'Quiet hours end when they begin. Pick another time, or switch both off.',
  awayNeedsEnd: 'Say on which day you are back.',
  awayNeedsStart: 'Say from which day on you are away.',
  awayIsEmpty: 'The day you are back must come after the day you leave.',
  awayIsOver: 'You are back before today: pick a later day, or leave both days empty.',
  awayTooLong: 'An absence lasts a year at most. Pick an earlier day.',
  notADay: 'This is not a day of the calendar.',
  giveBackLater:
    'Leads are given back when the absence begins today. Untick this, or pick today as the first day.',
} as const;

const ALERTS_HOLD: Readonly<Record<Alerts, string>> = {
  channel: 'hot leads mention you in the channel',
  direct: 'hot leads come as a direct message',
  none: 'hot leads do not ping you',
};

/** What holds now, as one sentence: "Saved: hot leads mention you in the channel, quiet from 18:00 to 08:00." */
export const PREFS_SAVED = {
  sentence: (parts: readonly string[]) => `Saved: ${parts.join(', ')}.`,
  alerts: (alerts: Alerts) => ALERTS_HOLD[alerts],
  quiet: (from: string, to: string) => `quiet from ${from} to ${to}`,
  noQuiet: 'no quiet hours',
  digest: (at: string) => `digest at ${at} on working days`,
  noDigest: 'no digest',
  awayUntil: (day: string) => `away until ${day}`,
  awayFromTo: (from: string, until: string) => `away from ${from}, back on ${until}`,
  here: 'not away',
  givenBack: (n: number) => `${count(n, 'lead')} ${n === 1 ? 'is' : 'are'} back with the team`,
  notGivenBack: (n: number) =>
    `${count(n, 'lead')} could not be given back: use Not mine in \`/firstcall queue\``,
} as const;

export const DIGEST = {
  title: (waiting: number, overdue: number) =>
    `${count(waiting, 'lead')} ${waiting === 1 ? 'waits' : 'wait'} for you${overdue === 0 ? '' : `, ${overdue} overdue`}`,
  nothingWaits: '0 leads wait for you',
  more: (n: number) => `and ${n.toLocaleString('en-US')} more: \`/firstcall queue\``,
  outcome: ({ shortId, toTier, fromTier, cameOfIt }: OverrideOutcome) =>
    `${FIGURES.override(shortId, toTier, fromTier)}${FIGURES.cameOfIt[cameOfIt]}`,
  moreOutcomes: (n: number) => `and ${n.toLocaleString('en-US')} more, in the app’s Home tab`,
  yesterday: (counts: DayCounts) => `${TEAM.yesterday}: ${TEAM.day(counts)}`,
  foot: '`/firstcall prefs` changes when this comes, or ends it.',
  withdrawn: 'This digest showed a lead that has been erased since.',
} as const;

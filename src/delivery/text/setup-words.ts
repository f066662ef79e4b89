import type { Weekday } from '../../routing/business-hours.ts';
import { count } from './numbers.ts';

/* The words of `/firstcall setup`. */

export const WEEKDAY_NAMES: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const SHORT = 3;

/** "Mon to Fri", "Mon, Wed". */
export function daysText(days: readonly Weekday[]): string {
  const order = Object.keys(WEEKDAY_NAMES);
  const names = Object.entries(WEEKDAY_NAMES).flatMap(([day, name]) =>
    days.some((each) => each === day) ? name.slice(0, SHORT) : [],
  );
  const places = days.map((day) => order.indexOf(day)).toSorted((a, b) => a - b);
  const [first = 0] = places;
  const isRun = places.length > 2 && places.every((place, index) => place === first + index);
  return isRun ? `${names[0]} to ${names.at(-1)}` : names.join(', ');
}

export const SETUP = {
  title: 'Set up teams',
  intro: (version: number) =>
    `Ruleset ${version} says who gets which leads. Each team has a channel with its board.`,
  check: 'Check again',
  change: 'Change',
  checked: (at: string) => `Checked ${at}`,
  allWell: 'All is well.',
  attention: (n: number) => `${count(n, 'thing')} to do`,
  channelOk: (channel: string) => `First Call is in ${channel}`,
  invite: (channel: string) =>
    `First Call is not in ${channel}: open that channel and send \`/invite @First Call\``,
  archived: (channel: string) => `${channel} is archived: pick another channel`,
  noChannel: (name: string) =>
    `Slack knows no channel ${name}, or it is private and First Call is not in it: send \`/invite @First Call\` there, or pick another`,
  reps: (n: number, who: string) => `${count(n, 'rep')}: ${who}`,
  noReps: 'No reps: leads wait on the board for anyone',
  unmatched: (emails: string) =>
    `Not found in Slack: ${emails}. The address in Slack must be the same; pick the people anew`,
  manager: (who: string) => `Manager: ${who}`,
  noManager: 'No manager',
  hours: (days: string, from: string, to: string, zone: string) =>
    `${days}, ${from} to ${to}${to <= from ? ' the next day' : ''}, ${zone}`,
  more: (n: number) => `and ${n} more`,
  teamTitle: 'Change a team',
  channel: 'Channel of the board',
  repsLabel: 'Reps',
  repsHint: 'Leads go round in this order. Each needs an e-mail address in Slack.',
  managerLabel: 'Manager',
  timeZone: 'Time zone',
  days: 'Working days',
  from: 'Work begins',
  to: 'Work ends',
  hoursHint: 'An end at or before the beginning is on the next day.',
  note: 'Why this change?',
  tooMany: (n: number, most: number) =>
    `${n} reps, more than the ${most} that this form takes: they stay as they are.`,
  gone: 'This team is not there any more.',
  noEmail: (who: string) =>
    `No e-mail address in Slack, so leads cannot be routed to them: ${who}. Take them out, or let them add one.`,
  noRole: (who: string) => `No role here: ${who}. Give them one first with \`/firstcall grant\`.`,
  nothingChanged: 'Nothing is changed yet.',
  pickDay: 'Pick at least one day.',
  previewTitle: 'Before you publish',
  what: {
    channel: (from: string, to: string) => `Channel: ${from} to ${to}`,
    added: (who: string) => `Reps added: ${who}`,
    removed: (who: string) => `Reps taken out: ${who}`,
    order: 'Reps: another order',
    manager: (from: string, to: string) => `Manager: ${from} to ${to}`,
    hours: (from: string, to: string) => `Hours: ${from}; now ${to}`,
    boardMoves: 'Its open leads move to the board there.',
    dueTimes: 'Due times of its open leads are worked out anew.',
    nobody: 'nobody',
  },
  published: (version: number, rescoring: string) =>
    `Ruleset ${version} is live. ${rescoring} are routed anew where it matters; the boards follow by themselves.`,
} as const;

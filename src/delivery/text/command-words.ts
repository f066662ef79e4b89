import type { Tier } from '../../scoring/assessment.ts';
import type { GrantableRole } from '../ports.ts';
import { count } from './numbers.ts';

/* The words of `/firstcall`: help on one command, sharing, one rule. */

export const COMMAND_HELP = {
  usage: (typed: string, does: string) => `\`${typed}\`  ${does}`,
  share: (name: string) =>
    `With \`share\` as the last word everybody in the channel sees the answer: \`/firstcall ${name} share\`.`,
  forWhom: {
    rep: 'For everybody with a role here.',
    manager: 'For managers and admins.',
    admin: 'For admins.',
  } satisfies Record<GrantableRole, string>,
  takesNothing: (name: string) =>
    `Nothing was done: \`/firstcall ${name}\` takes nothing after it.`,
  all: 'All commands: `/firstcall help`. More on one: `/firstcall help report`.',
} as const;

export const SHARE = {
  by: (userId: string) => `Shared by <@${userId}> with \`/firstcall\``,
  textBy: (userId: string, text: string) => `<@${userId}> shared: ${text}`,
  cannot: (name: string, can: readonly string[]) =>
    `\`${name}\` is for you alone and was not shared. Everybody can be shown ${can
      .map((each) => `\`${each}\``)
      .join(' or ')}.`,
  failed: 'Slack did not take the shared answer. Please send the command again.',
} as const;

export const RULE = {
  usage: 'Say which one: `/firstcall rule` and its id. `/firstcall rules` lists them.',
  on: 'on',
  off: 'off',
  points: (points: string) => `${points} points`,
  decides: 'decides the tier, no points',
  when: (condition: string) => `when ${condition}`,
  fires: (n: number, open: number) => `Fires on ${n} of ${count(open, 'open lead')} now`,
  holds: (n: number) => `holds ${count(n, 'lead')}`,
  overridden: (days: number) => `Override rate where it fired, last ${count(days, 'day')}`,
  blamed: 'Marked as the wrong line',
  ruleset: (version: number, file: string) => `Ruleset ${version}, ${file}`,
} as const;

export const TEST_LEAD = {
  already: 'A test lead is there already; one at a time is enough.',
  sent: 'The test lead is received.',
  scored: (id: string, tier: Tier, points: number) =>
    `Test lead ${id}: tier ${tier}, ${count(points, 'point')}`,
  for: (rep: string) => `for ${rep}`,
  forAnyone: 'for anyone',
  in: (channel: string) => `in ${channel}`,
  steps: (parts: readonly string[]) => `${parts.join(', ')}.`,
  received: (after: string) => `Received ${after}`,
  atOnce: 'at once',
  scoredAfter: (after: string) => `scored ${after}`,
  shown: {
    board: (after: string) => `shown on the board ${after}`,
    hot: (after: string) => `shown as a hot lead ${after}`,
  },
  notScored: 'not scored yet',
  notShown: 'not shown yet',
  follows: 'What becomes of it follows here.',
  paused: 'Posting is paused: it is shown after `/firstcall resume`.',
  held: (why: string) => `It is held, ${why}: the rules would stop a lead like this.`,
  unread: (why: string) => `It could not be read: ${why}.`,
  late: (seconds: number) =>
    `It is not shown after ${count(seconds, 'second')}. \`/firstcall health\` says what is late; a board is drawn at most every 30 seconds.`,
  tells: 'Everybody sees it on the board, and its rep is told as of any lead.',
  ends: 'It ends by itself after an hour. No figure counts it, and the CRM never hears of it.',
  remove: 'Remove test lead',
  removed: (id: string) => `Test lead ${id} is removed; the board follows.`,
  gone: 'This test lead is removed already.',
} as const;

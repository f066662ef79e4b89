import type { KnownBlock } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, context, divider, header, mrkdwn, section } from '../blocks/kit.ts';
import { dayName } from '../replies/prefs-saved.ts';
import { reportBlocks } from '../replies/report.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { HOME, TEAM } from '../text/home-words.ts';
import { count } from '../text/numbers.ts';
import { dateToken } from '../text/time.ts';
import type { ReportView } from '../views.ts';
import type { AwayRep, TeamSection, TeamToday } from './home-views.ts';

const NAME_MAX = 60;

/** Each team's day and what waits, then who is not there and has leads on their hands. */
export function teamBlocks({ teams, away }: TeamSection, now: Date, max: number): KnownBlock[] {
  const blocks = [divider(), header(TEAM.title)];
  if (teams.length === 0) return [...blocks, section(TEAM.none)];
  const more = teams.length - max;
  return [
    ...blocks,
    ...teams.slice(0, max).map((team) => teamBlock(team, now)),
    ...(more > 0 ? [context(mrkdwn(TEAM.more(more)))] : []),
    ...away.slice(0, max).flatMap(awayBlocks),
    ...(away.length > max ? [context(mrkdwn(TEAM.morePeople(away.length - max)))] : []),
  ];
}

function teamBlock(team: TeamToday, now: Date): KnownBlock {
  const name = escapeMrkdwn(team.name, NAME_MAX);
  const lines = [
    `*${name}*`,
    `${TEAM.yesterday}: ${TEAM.day(team.yesterday)}`,
    `${TEAM.today}: ${TEAM.day(team.today)}`,
    `${TEAM.openNow}: ${waiting(team, now)}`,
  ];
  return {
    ...section(lines.join('\n')),
    accessory: button({
      label: TEAM.assign,
      actionId: ACTIONS.teamAssign,
      value: team.id,
      spoken: `${TEAM.assign}, ${fitLine(team.name, NAME_MAX)}`,
    }),
  };
}

/** "12 leads (A 2, B 5, C 5)  ·  3 overdue  ·  oldest waits since 14:35" */
function waiting({ open, overdue, oldestAt }: TeamToday, now: Date): string {
  const all = open.reduce((sum, tier) => sum + tier.count, 0);
  const tiers = open.map((each) => `${each.tier} ${each.count}`).join(', ');
  return [
    TEAM.open(all, tiers),
    ...(overdue === 0 ? [] : [`*${TEAM.overdue(overdue)}*`]),
    ...(oldestAt === null ? [] : [TEAM.oldest(dateToken(oldestAt, now))]),
  ].join('  ·  ');
}

/** One button for all of somebody's leads, behind a question that says how many. */
function awayBlocks(rep: AwayRep): KnownBlock[] {
  const { userId, why, until, timeZone, count: n } = rep;
  const name = fitLine(rep.name, NAME_MAX);
  const shown = escapeMrkdwn(rep.name, NAME_MAX);
  const back = until === null ? null : dayName(until, timeZone);
  const said = why === 'left' ? TEAM.left(shown, n) : TEAM.away(shown, n, back);
  const giveBack = button({
    label: TEAM.giveBack,
    actionId: ACTIONS.memberGiveBack,
    value: userId,
    spoken: `${TEAM.giveBack}: ${count(n, 'lead')} of ${name}`,
    confirm: {
      title: TEAM.giveBackTitle,
      text: TEAM.giveBackText(name, n),
      yes: TEAM.giveBackYes,
      no: TEAM.giveBackNo,
    },
  });
  return [section(said), actions(`home_away.${userId}`, [giveBack])];
}

/** The report of all teams, under a headline that says of when. */
export function teamReportBlocks(report: ReportView): KnownBlock[] {
  const days = Math.round((report.to.getTime() - report.from.getTime()) / 86_400_000);
  return [divider(), header(HOME.reportTitle(days)), ...reportBlocks(report)];
}

import type { KnownBlock, ModalView } from '@slack/types';
import type { TeamSource } from '../../scoring/rule-files.ts';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, context, divider, mrkdwn, section } from '../blocks/kit.ts';
import type { ChannelStanding } from '../channel-checks.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { daysText, SETUP } from '../text/setup-words.ts';
import { whenToken } from '../text/time.ts';
import { modal } from './modal.ts';

/** Somebody whom routing names by address; `userId` null: Slack has nobody of it, or without a role. */
export interface NamedPerson {
  email: string;
  userId: string | null;
}

/** A team as routing has it, and how its parts stand in Slack. */
export interface TeamSetup {
  team: TeamSource;
  channel: ChannelStanding;
  reps: readonly NamedPerson[];
  manager: NamedPerson | null;
}

export interface SetupData {
  version: number;
  teams: readonly TeamSetup[];
}

/** Two blocks a team, and a few around them: below the limit of a view. */
const TEAMS_SHOWN = 30;
const PEOPLE_SHOWN = 20;
const LABEL_MAX = 75;

/** Every team with its present values, what is to be done about it, and a way to change it. */
export function buildSetup({ version, teams }: SetupData, now: Date): ModalView {
  const open = teams.reduce((sum, team) => sum + problemsOf(team).length, 0);
  const verdict = open === 0 ? SETUP.allWell : SETUP.attention(open);
  return modal({
    title: SETUP.title,
    blocks: [
      section(`*${verdict}*\n${SETUP.intro(version)}`),
      ...teams.slice(0, TEAMS_SHOWN).flatMap(teamBlocks),
      divider(),
      actions('setup_foot', [button({ label: SETUP.check, actionId: ACTIONS.setupCheck })]),
      context(mrkdwn(SETUP.checked(whenToken(now, now)))),
    ],
  });
}

function teamBlocks(setup: TeamSetup): KnownBlock[] {
  const { team, reps, manager } = setup;
  const { hours } = team;
  const problems = problemsOf(setup);
  const lines = [
    `*${escapeMrkdwn(labelOf(team), 75)}*`,
    ...(isReady(setup.channel) ? [SETUP.channelOk(channelText(setup))] : []),
    reps.length === 0 ? SETUP.noReps : SETUP.reps(reps.length, peopleText(reps)),
    manager === null ? SETUP.noManager : SETUP.manager(peopleText([manager])),
    SETUP.hours(daysText(hours.days), hours.from, hours.to, escapeMrkdwn(hours.time_zone, 60)),
    ...problems.map((problem) => `*${problem}*`),
  ];
  return [
    divider(),
    {
      ...section(lines.join('\n')),
      accessory: button({
        label: SETUP.change,
        actionId: ACTIONS.setupChange,
        value: team.id,
        spoken: `${SETUP.change} ${labelOf(team)}`,
      }),
    },
  ];
}

export function labelOf(team: Pick<TeamSource, 'id' | 'label'>): string {
  return fitLine(team.label ?? '', LABEL_MAX) || team.id;
}

function isReady({ id, isMember, isArchived }: ChannelStanding): boolean {
  return id !== null && isMember && !isArchived;
}

/** What somebody must do before leads can be shown and routed; sentences in mrkdwn. */
export function problemsOf({ team, channel, reps, manager }: TeamSetup): string[] {
  const unmatched = [...reps, ...(manager === null ? [] : [manager])]
    .filter(({ userId }) => userId === null)
    .map(({ email }) => escapeMrkdwn(email, 80));
  return [
    ...channelProblems(channel, team.channel),
    ...(unmatched.length === 0 ? [] : [SETUP.unmatched(listText([...new Set(unmatched)]))]),
  ];
}

/** @param named the channel as routing names it */
export function channelProblems(channel: ChannelStanding, named: string): string[] {
  const shown = channelText({ channel, team: { channel: named } });
  if (channel.id === null) return [SETUP.noChannel(shown)];
  if (channel.isArchived) return [SETUP.archived(shown)];
  return channel.isMember ? [] : [SETUP.invite(shown)];
}

function channelText(setup: {
  channel: Pick<ChannelStanding, 'id'>;
  team: Pick<TeamSource, 'channel'>;
}): string {
  const { id } = setup.channel;
  return id === null ? `#${escapeMrkdwn(setup.team.channel, 80)}` : `<#${id}>`;
}

function peopleText(people: readonly NamedPerson[]): string {
  return listText(
    people.map(({ email, userId }) => (userId === null ? escapeMrkdwn(email, 80) : `<@${userId}>`)),
  );
}

function listText(parts: readonly string[]): string {
  const shown = parts.slice(0, PEOPLE_SHOWN).join(', ');
  const more = parts.length - PEOPLE_SHOWN;
  return more > 0 ? `${shown} ${SETUP.more(more)}` : shown;
}

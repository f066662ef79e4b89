import { z } from 'zod';
import { WEEKDAYS } from '../../routing/business-hours.ts';
import type { TeamChange } from '../../scoring/change-team.ts';
import type { TeamSource } from '../../scoring/rule-files.ts';
import type { ChannelStanding } from '../channel-checks.ts';
import type { Member } from '../ports.ts';
import { SETUP } from '../text/setup-words.ts';
import type { SlackDeps } from './deps.ts';

const SlackId = z.string().regex(/^[UWCG][A-Z0-9]{2,30}$/);
const Clock = z.string().regex(/^\d\d:\d\d$/);

/** A team as it was entered: ids of Slack, which a view can carry. */
export const TeamForm = z.object({
  teamId: z.string().max(100),
  channelId: SlackId,
  /** Null: they were not asked for, and stay. */
  userIds: z.array(SlackId).max(100).nullable(),
  managerId: SlackId.nullable(),
  timeZone: z.string().min(1).max(60),
  days: z.array(z.enum(WEEKDAYS)).min(1),
  from: Clock,
  to: Clock,
});
export type TeamForm = z.infer<typeof TeamForm>;

export type ResolvedTeam =
  | { ok: true; team: TeamSource; change: TeamChange; channel: ChannelStanding }
  /** What stands in the way, in mrkdwn. */
  | { ok: false; message: string };

/** What the form means in routing: addresses for people, and the channel by the name that it has there already. */
export async function resolveTeamForm(
  deps: SlackDeps,
  teams: readonly TeamSource[],
  form: TeamForm,
): Promise<ResolvedTeam> {
  const team = teams.find((each) => each.id === form.teamId);
  if (team === undefined) return { ok: false, message: SETUP.gone };
  const [present, channel, reps, manager] = await Promise.all([
    deps.channels.check(team.channel),
    deps.channels.check(form.channelId),
    form.userIds && Promise.all(form.userIds.map((userId) => deps.members.get(userId))),
    form.managerId === null ? null : deps.members.get(form.managerId),
  ]);
  const people = [...(reps ?? []), ...(manager === null ? [] : [manager])];
  const refused = refusalOf(people);
  if (refused !== null) return { ok: false, message: refused };
  const change: TeamChange = {
    teamId: team.id,
    channel: present.id === form.channelId ? team.channel : form.channelId,
    channelName: channel.name,
    reps: (reps ?? team.reps).flatMap(({ email }) => email ?? []),
    manager: manager?.email ?? null,
    hours: { time_zone: form.timeZone, days: [...form.days], from: form.from, to: form.to },
  };
  return { ok: true, team, change, channel };
}

function refusalOf(people: readonly Member[]): string | null {
  const named = (who: readonly Member[]) =>
    [...new Set(who.map(({ slackUserId }) => `<@${slackUserId}>`))].join(', ');
  const noRole = people.filter(({ role }) => role === 'guest');
  if (noRole.length > 0) return SETUP.noRole(named(noRole));
  const noEmail = people.filter(({ email }) => email === null);
  return noEmail.length > 0 ? SETUP.noEmail(named(noEmail)) : null;
}

import type { ModalView } from '@slack/types';
import type { TeamSource } from '../../scoring/rule-files.ts';
import { buildMessageModal } from '../modals/message.ts';
import { buildSetup, type NamedPerson, type TeamSetup } from '../modals/setup.ts';
import { buildSetupTeam } from '../modals/setup-team.ts';
import { sentence } from '../replies/sentence.ts';
import { SETUP } from '../text/setup-words.ts';
import { MODAL } from '../text/words.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';

/** All teams with their present values, checked against Slack now. */
export async function readSetup(deps: SlackDeps): Promise<ModalView> {
  const { version, teams } = await deps.ruleAdmin.live();
  await askSlack(deps, teams);
  const checked = await Promise.all(teams.map((team) => readTeamSetup(deps, team)));
  return buildSetup({ version, teams: checked }, deps.clock.now());
}

/** The form of one team, as it would open now; `userId` is the admin, whose time zone is offered. */
export async function readSetupTeam(
  deps: SlackDeps,
  teamId: string,
  userId: string,
): Promise<ModalView> {
  const { version, teams } = await deps.ruleAdmin.live();
  const team = teams.find((each) => each.id === teamId);
  if (team === undefined) return buildMessageModal(MODAL.notDone, sentence(SETUP.gone));
  await askSlack(deps, [team]);
  const [setup, { timeZone }] = await Promise.all([
    readTeamSetup(deps, team),
    deps.members.get(userId),
  ]);
  return buildSetupTeam(setup, version, timeZone);
}

export async function readTeamSetup(deps: SlackDeps, team: TeamSource): Promise<TeamSetup> {
  const { manager } = team;
  const [channel, reps, boss] = await Promise.all([
    deps.channels.check(team.channel),
    Promise.all(team.reps.map(({ email }) => namedPerson(deps, email))),
    manager === undefined ? null : namedPerson(deps, manager),
  ]);
  return { team, channel, reps, manager: boss };
}

/** Who joined Slack, or got another address, since they were last looked for. */
async function askSlack({ members, log }: SlackDeps, teams: readonly TeamSource[]): Promise<void> {
  const emails = teams.flatMap(({ reps, manager }) => [
    ...reps.map(({ email }) => email),
    ...(manager === undefined ? [] : [manager]),
  ]);
  try {
    await members.learn([...new Set(emails)]);
  } catch (error) {
    // What was known before is shown all the same.
    log.warn({ err: describeError(error) }, 'the people of routing cannot be looked up in Slack');
  }
}

async function namedPerson({ members }: SlackDeps, email: string): Promise<NamedPerson> {
  const member = await members.byEmail(email);
  const isHere = member !== null && member.role !== 'guest';
  return { email, userId: isHere ? member.slackUserId : null };
}

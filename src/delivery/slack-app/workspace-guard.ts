import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { z } from 'zod';
import type { Logger } from '../../platform/logger.ts';
import { refuse } from '../listeners/refuse.ts';
import { REPLY } from '../text/reply-words.ts';

/** Ids of the one workspace that this deployment serves. */
export interface OwnWorkspace {
  /** Team id (`T...`), or the enterprise id (`E...`) of an install for a whole organisation. */
  teamId: string;
}

const Team = z.object({ id: z.string().nullish(), enterprise_id: z.string().nullish() });
const Authorization = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
});

/** Where a request says that its person is, as far as its kind says it at all. */
const Origin = z.object({
  /** Interactions: the workspace (or organisation) of the person. */
  user: z.object({ team_id: z.string().nullish() }).nullish().catch(null),
  /** Clicks: the workspace of the message. Submitted views: the workspace of the person. */
  team: Team.nullish(),
  /** Commands, and events: where they happened. */
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  /** Events: for whom the app is installed. */
  authorizations: z.array(Authorization).nullish(),
});
export type SlackOrigin = z.infer<typeof Origin>;

/** Lets requests of our own workspace through; all others are answered and dropped. */
export function onlyOwnWorkspace(
  own: () => Promise<OwnWorkspace | null>,
  log: Logger,
): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    const workspace = await own();
    const { teamId, enterpriseId } = args.context;
    const origin = Origin.safeParse(args.body);
    const known = workspace !== null && isOurs(workspace, teamId, enterpriseId);
    const elsewhere = !origin.success || (known && comesFromElsewhere(workspace, origin.data));
    if (known && !elsewhere) {
      await args.next();
      return;
    }
    log.warn(
      { teamId, enterpriseId, known: workspace !== null, elsewhere },
      'Slack request refused: not ours',
    );
    await refuse(args, REPLY.otherWorkspace, log);
  };
}

/** The team is absent on installs for an organisation: then its enterprise counts. */
export function isOurs(
  workspace: OwnWorkspace,
  teamId: string | undefined,
  enterpriseId: string | undefined,
): boolean {
  return (teamId ?? enterpriseId) === workspace.teamId || enterpriseId === workspace.teamId;
}

/**
 * In a channel that is shared with another workspace its people see our buttons, and Slack addresses their
 * clicks to us: only the person's own team tells them apart. What the request cannot tell (somebody of an
 * unnamed workspace, on an install for an organisation) is left to the directory of members.
 */
export function comesFromElsewhere({ teamId }: OwnWorkspace, origin: SlackOrigin): boolean {
  const { user, team } = origin;
  const ours = new Set([teamId, ...enterprisesOf(teamId, origin)]);
  const isOrganisation = teamId.startsWith('E');
  const member = (id: string | null | undefined, enterprise?: string | null): boolean =>
    id === null || id === undefined || ours.has(id) || (isOrganisation && enterprise === teamId);
  const person = user?.team_id;
  const undecided = isOrganisation && person?.startsWith('T') === true;
  return !(
    member(origin.team_id, origin.enterprise_id) &&
    member(team?.id, team?.enterprise_id) &&
    (undecided || member(person))
  );
}

/** The organisation that our own workspace is in: named beside our own id only, never beside another's. */
function enterprisesOf(teamId: string, { team, authorizations }: SlackOrigin): string[] {
  const beside = [
    team?.id === teamId ? team.enterprise_id : null,
    ...(authorizations ?? []).map((each) => (each.team_id === teamId ? each.enterprise_id : null)),
  ];
  return beside.filter((id) => typeof id === 'string');
}

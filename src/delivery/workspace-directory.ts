import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { WorkspaceDirectory, WorkspaceUser } from '../records/members.ts';
import type { Standing } from './ports.ts';

interface SlackUser {
  id?: string;
  team_id?: string;
  enterprise_user?: { enterprise_id?: string; teams?: string[] };
  deleted?: boolean;
  is_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  real_name?: string;
  name?: string;
  tz?: string;
  profile?: { email?: string; display_name?: string; real_name?: string };
}

/** Slackbot says of itself that it is no bot. */
const SLACKBOT = 'USLACKBOT';
const NOBODY = ['user_not_found', 'users_not_found', 'user_not_visible'];

/** `teamId`: the workspace that is served, as configured; absent: the one that the token belongs to. */
export function createWorkspaceDirectory(
  client: Pick<WebClient, 'users' | 'auth'>,
  teamId?: string,
): WorkspaceDirectory {
  let token: Promise<readonly string[]> | undefined;

  /** Workspace and organisation of our token; asked only when somebody seems to be of another one. */
  async function tokenHomes(): Promise<readonly string[]> {
    token ??= client.auth
      .test()
      .then(({ team_id, enterprise_id }) =>
        [team_id, enterprise_id].filter((id) => id !== undefined),
      );
    try {
      return await token;
    } catch (error) {
      token = undefined;
      throw error;
    }
  }

  async function isOurs(user: SlackUser): Promise<boolean> {
    const { enterprise_id: organisation, teams = [] } = user.enterprise_user ?? {};
    const homes = [user.team_id, organisation, ...teams].filter((id) => id !== undefined);
    if (homes.length === 0 || (teamId !== undefined && homes.includes(teamId))) return true;
    const ours = await tokenHomes();
    return homes.some((id) => ours.includes(id));
  }

  async function standingOf(user: SlackUser): Promise<Standing> {
    if (user.is_stranger === true || !(await isOurs(user))) return 'outsider';
    if (user.deleted === true) return 'deactivated';
    if (user.is_bot === true || user.id === SLACKBOT) return 'bot';
    return user.is_restricted === true || user.is_ultra_restricted === true ? 'guest' : 'member';
  }

  async function workspaceUser(user: SlackUser): Promise<WorkspaceUser | null> {
    if (user.id === undefined) return null;
    const named = user.profile?.display_name || user.real_name || user.profile?.real_name;
    return {
      slackUserId: user.id,
      displayName: named || (user.name ?? user.id),
      email: user.profile?.email ?? null,
      timeZone: user.tz ?? null,
      standing: await standingOf(user),
    };
  }

  async function ask(call: () => Promise<{ user?: SlackUser }>): Promise<WorkspaceUser | null> {
    try {
      const { user } = await call();
      return user === undefined ? null : await workspaceUser(user);
    } catch (error) {
      if (error instanceof WebAPIPlatformError && NOBODY.includes(error.data.error)) return null;
      throw error;
    }
  }

  return {
    byId: (slackUserId) => ask(() => client.users.info({ user: slackUserId })),
    byEmail: (email) => ask(() => client.users.lookupByEmail({ email })),
  };
}

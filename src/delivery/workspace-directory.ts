import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { WorkspaceDirectory, WorkspaceUser } from '../records/members.ts';

interface SlackUser {
  id?: string;
  real_name?: string;
  name?: string;
  tz?: string;
  profile?: { email?: string; display_name?: string; real_name?: string };
}

export function createWorkspaceDirectory(client: Pick<WebClient, 'users'>): WorkspaceDirectory {
  return {
    async byId(slackUserId) {
      const answer = await client.users.info({ user: slackUserId });
      return answer.user ? workspaceUser(answer.user) : null;
    },
    async byEmail(email) {
      try {
        const answer = await client.users.lookupByEmail({ email });
        return answer.user ? workspaceUser(answer.user) : null;
      } catch (error) {
        if (error instanceof WebAPIPlatformError && error.data.error === 'users_not_found')
          return null;
        throw error;
      }
    },
  };
}

function workspaceUser(user: SlackUser): WorkspaceUser | null {
  if (user.id === undefined) return null;
  const name = user.profile?.display_name || user.real_name || user.profile?.real_name || user.name;
  return {
    slackUserId: user.id,
    displayName: name ?? user.id,
    email: user.profile?.email ?? null,
    timeZone: user.tz ?? null,
  };
}

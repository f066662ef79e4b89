import type { WebClient } from '@slack/web-api';
import type { Logger } from '../../platform/logger.ts';
import { describeError } from '../listeners/describe-error.ts';
import type { OwnWorkspace } from './workspace-guard.ts';

/**
 * Which workspace is ours: configured, or else the one that our token belongs to, asked once when it is
 * first needed. Null while Slack cannot say: then nobody gets in.
 */
export function ownWorkspace(
  configured: string | undefined,
  client: WebClient,
  log: Logger,
): () => Promise<OwnWorkspace | null> {
  let known: Promise<OwnWorkspace | null> | undefined =
    configured === undefined ? undefined : Promise.resolve({ teamId: configured });

  async function ask(): Promise<OwnWorkspace | null> {
    try {
      const { team_id, enterprise_id, is_enterprise_install } = await client.auth.test();
      const teamId = is_enterprise_install === true ? enterprise_id : team_id;
      if (teamId !== undefined) return { teamId };
    } catch (error) {
      log.warn({ err: describeError(error) }, 'Slack cannot say which workspace is ours');
    }
    known = undefined;
    return null;
  }

  return () => {
    known ??= ask();
    return known;
  };
}

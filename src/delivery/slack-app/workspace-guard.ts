import type { AllMiddlewareArgs, AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import type { Logger } from '../../platform/logger.ts';
import { REPLY } from '../text/reply-words.ts';

/** Ids of the one workspace that this deployment serves. */
export interface OwnWorkspace {
  /** Team id (`T...`), or the enterprise id (`E...`) of an install for a whole organisation. */
  teamId: string;
}

/** Lets requests of our own workspace through; all others are answered and dropped. */
export function onlyOwnWorkspace(
  own: () => Promise<OwnWorkspace | null>,
  log: Logger,
): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    const workspace = await own();
    const { teamId, enterpriseId } = args.context;
    if (workspace !== null && isOurs(workspace, teamId, enterpriseId)) {
      await args.next();
      return;
    }
    log.warn(
      { teamId, enterpriseId, known: workspace !== null },
      'Slack request refused: not ours',
    );
    await refuse(args);
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

/** Acknowledged, so that nobody waits; a command says why nothing happens. */
async function refuse(args: AnyMiddlewareArgs & AllMiddlewareArgs): Promise<void> {
  if ('command' in args) await args.ack(REPLY.otherWorkspace);
  else if ('ack' in args && typeof args.ack === 'function') await args.ack();
}

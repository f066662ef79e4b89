import type { App, BlockButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { ACTIONS } from '../../action-ids.ts';
import { GRANTABLE_ROLES } from '../../ports.ts';
import type { SlackDeps } from '../deps.ts';
import { drawHome } from '../publish-home.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

const Introduced = z.enum(GRANTABLE_ROLES);

/** Puts an introduction away for good. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.homeGotIt, async (args) => {
    const role = Introduced.safeParse(args.action.value);
    if (!role.success) return refuseUnknown(deps, args);
    await args.ack();
    const userId = args.body.user.id;
    await drawHome(deps, {
      client: args.client,
      userId,
      change: (states) => states.putAway(userId, role.data),
    });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { ACTIONS } from '../../action-ids.ts';
import type { SlackDeps } from '../deps.ts';
import { drawHome } from '../publish-home.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

const Page = z.coerce.number().pipe(z.int().min(0).max(10_000));

/** Turns a page of the person's leads in App Home. */
export function register(app: App, deps: SlackDeps): void {
  on(app, deps, ACTIONS.homePrevious);
  on(app, deps, ACTIONS.homeNext);
}

function on(app: App, deps: SlackDeps, actionId: string): void {
  app.action<BlockButtonAction>(actionId, async (args) => {
    const page = Page.safeParse(args.action.value);
    if (!page.success) return refuseUnknown(deps, args);
    await args.ack();
    const userId = args.body.user.id;
    await drawHome(deps, {
      client: args.client,
      userId,
      change: (states) => states.choose(userId, { page: page.data }),
    });
  });
}

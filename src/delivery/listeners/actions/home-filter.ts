import type { App, BlockStaticSelectAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { HOME_FILTERS } from '../../home/home-views.ts';
import type { SlackDeps } from '../deps.ts';
import { drawHome } from '../publish-home.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** Which of their leads a person sees in App Home; it acts at once. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockStaticSelectAction>(ACTIONS.homeFilter, async (args) => {
    const filter = HOME_FILTERS.find((each) => each === args.action.selected_option?.value);
    if (filter === undefined) return refuseUnknown(deps, args);
    await args.ack();
    const userId = args.body.user.id;
    const { client } = args;
    await drawHome(deps, { client, userId, change: (states) => states.choose(userId, { filter }) });
  });
}

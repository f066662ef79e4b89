import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { publishHome } from '../publish-home.ts';

export function register(app: App, deps: SlackDeps): void {
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab === 'home') await publishHome(deps, client, event.user);
  });
}

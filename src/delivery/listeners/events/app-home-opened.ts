import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { drawHome } from '../publish-home.ts';

/** A redelivery of the same event is no second opening. */
export function register(app: App, deps: SlackDeps): void {
  app.event('app_home_opened', async ({ event, body, client }) => {
    if (event.tab !== 'home') return;
    const userId = event.user;
    await drawHome(deps, {
      client,
      userId,
      change: (states) => states.opened(userId, body.event_id),
    });
  });
}

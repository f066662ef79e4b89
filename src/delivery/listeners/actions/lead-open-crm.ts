import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';

/** Slack reports clicks on links too and wants them acknowledged. */
export function register(app: App): void {
  app.action(ACTIONS.leadOpenCrm, async ({ ack }) => {
    await ack();
  });
}

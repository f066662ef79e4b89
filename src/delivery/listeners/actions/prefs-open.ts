import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';
import { readPrefs } from '../read-prefs.ts';

/** The preferences of whoever clicks, wherever the button stands. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.prefsOpen, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    const push = click.modal !== null;
    await openModal(deps, { ...click, act: 'prefs', push, build: (me) => readPrefs(deps, me) });
  });
}

import type { App } from '@slack/bolt';
import { ACTIONS, COMMAND, SHORTCUTS, VIEWS } from '../action-ids.ts';
import type { SlackDeps } from './deps.ts';
import { refuseUnknown } from './refuse-unknown.ts';

/** Answers what no listener of ours does: Slack would show an error, and nobody would know of it here. */
export function registerUnknown(app: App, deps: SlackDeps): void {
  app.action(otherThan(Object.values(ACTIONS)), (args) => refuseUnknown(deps, args));
  app.view(otherThan(Object.values(VIEWS)), (args) => refuseUnknown(deps, args));
  app.view({ type: 'view_closed', callback_id: /^/ }, ({ ack }) => ack());
  app.shortcut(otherThan(Object.values(SHORTCUTS)), (args) => refuseUnknown(deps, args));
  app.command(otherThan([COMMAND]), (args) => refuseUnknown(deps, args));
}

/** Ours are plain words: nothing to escape. */
function otherThan(known: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${known.join('|')})$)`);
}

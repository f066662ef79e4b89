import type { App } from '@slack/bolt';
import * as actions from './actions/index.ts';
import * as commands from './commands/index.ts';
import type { SlackDeps } from './deps.ts';
import * as events from './events/index.ts';
import { registerUnknown } from './register-unknown.ts';
import * as shortcuts from './shortcuts/index.ts';
import * as views from './views/index.ts';

export function registerListeners(app: App, deps: SlackDeps): void {
  actions.register(app, deps);
  views.register(app, deps);
  commands.register(app, deps);
  events.register(app, deps);
  shortcuts.register(app, deps);
  registerUnknown(app, deps);
}

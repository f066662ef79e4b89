import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import * as appHomeOpened from './app-home-opened.ts';

export function register(app: App, deps: SlackDeps): void {
  appHomeOpened.register(app, deps);
}

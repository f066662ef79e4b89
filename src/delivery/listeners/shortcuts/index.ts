import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import * as leadWhy from './lead-why.ts';

export function register(app: App, deps: SlackDeps): void {
  leadWhy.register(app, deps);
}

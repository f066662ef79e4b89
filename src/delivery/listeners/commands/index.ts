import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import * as firstcall from './firstcall.ts';

export function register(app: App, deps: SlackDeps): void {
  firstcall.register(app, deps);
}

import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import type { SlackDeps } from '../deps.ts';
import { openWhy } from '../open-why.ts';
import { onLead } from './on-lead.ts';

export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.leadWhy, (click, leadId) => openWhy(deps, click, leadId));
}

import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import type { SlackDeps } from '../deps.ts';
import { openOverride } from '../open-override.ts';
import { onLead } from './on-lead.ts';

/** Override: opens the form; the decision is made when it is submitted. */
export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.leadOverride, (click, leadId) => openOverride(deps, click, leadId));
}

import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import type { SlackDeps } from '../deps.ts';
import { openOverride } from '../open-override.ts';
import { onLead } from './on-lead.ts';

/** Disqualify: the override form with its answer given, "off the board". */
export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.leadDisqualify, (click, leadId) =>
    openOverride(deps, click, leadId, { out: true }),
  );
}

import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decisionContext } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { onLead } from './on-lead.ts';

export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.leadRelease, (click, leadId) =>
    recordDecision(deps, {
      ...click,
      act: 'release',
      words: 'release',
      decide: () => deps.ledger.release(decisionContext(click, leadId)),
    }),
  );
}

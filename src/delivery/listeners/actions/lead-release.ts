import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decisionContext } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { onLead } from './on-lead.ts';

/** Release: at once, or after a question when the person asked not to be contacted. */
export function register(app: App, deps: SlackDeps): void {
  on(app, deps, ACTIONS.leadRelease, false);
  on(app, deps, ACTIONS.leadReleaseConfirmed, true);
}

function on(app: App, deps: SlackDeps, actionId: string, confirmed: boolean): void {
  onLead(app, deps, actionId, (click, leadId) =>
    recordDecision(deps, {
      ...click,
      act: 'release',
      words: 'release',
      replace: confirmed && click.isEphemeral,
      decide: () => deps.ledger.release(decisionContext(click, leadId), { confirmed }),
    }),
  );
}

import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decisionContext } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { onLead } from './on-lead.ts';

/** Accept: the first click wins; the winner gets phone and mail, the other is told who has it. */
export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.leadAccept, (click, leadId) =>
    recordDecision(deps, {
      ...click,
      act: 'accept',
      words: 'accept',
      decide: () => deps.ledger.accept(decisionContext(click, leadId)),
    }),
  );
}

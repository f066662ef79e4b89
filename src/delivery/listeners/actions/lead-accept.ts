import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decodeLeadRef } from '../../lead-ref.ts';
import { decisionContext, readClick } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';

/** Accept: the first click wins; the winner gets phone and mail, the other is told who has it. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.leadAccept, async ({ ack, ...args }) => {
    await ack();
    const ref = decodeLeadRef(args.action.value);
    if (ref === null) return;
    const click = readClick(deps, args);
    await recordDecision(deps, {
      ...click,
      act: 'accept',
      words: 'accept',
      decide: () => deps.ledger.accept(decisionContext(click, ref.leadId)),
    });
  });
}

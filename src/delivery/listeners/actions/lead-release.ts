import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decodeLeadRef } from '../../lead-ref.ts';
import { decisionContext, readClick } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.leadRelease, async ({ ack, ...args }) => {
    await ack();
    const ref = decodeLeadRef(args.action.value);
    if (ref === null) return;
    const click = readClick(deps, args);
    await recordDecision(deps, {
      ...click,
      act: 'release',
      words: 'release',
      decide: () => deps.ledger.release(decisionContext(click, ref.leadId)),
    });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decodeLeadRef } from '../../lead-ref.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { openWhy } from '../open-why.ts';

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.leadWhy, async ({ ack, ...args }) => {
    await ack();
    const ref = decodeLeadRef(args.action.value);
    if (ref !== null) await openWhy(deps, readClick(deps, args), ref.leadId);
  });
}

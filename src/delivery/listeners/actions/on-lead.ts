import type { App, BlockButtonAction } from '@slack/bolt';
import { decodeLeadRef } from '../../lead-ref.ts';
import { type Click, readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** A button that stands for one lead. */
export function onLead(
  app: App,
  deps: SlackDeps,
  actionId: string,
  act: (click: Click, leadId: string) => Promise<void>,
): void {
  app.action<BlockButtonAction>(actionId, async (args) => {
    const ref = decodeLeadRef(args.action.value);
    if (ref === null) return refuseUnknown(deps, args);
    await args.ack();
    await act(readClick(deps, args), ref.leadId);
  });
}

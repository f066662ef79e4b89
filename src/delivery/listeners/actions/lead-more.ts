import type { App, BlockOverflowAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { decodeMenuValue } from '../../lead-ref.ts';
import { type Click, decisionContext, readClick } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { openWhy } from '../open-why.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

const SNOOZE_MS = 24 * 60 * 60_000;

/** The menu behind the dots: Why, Snooze, Not mine, Open in CRM (a link: nothing to do here). */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockOverflowAction>(ACTIONS.leadMore, async (args) => {
    const picked = decodeMenuValue(args.action.selected_option?.value);
    if (picked === null) return refuseUnknown(deps, args);
    await args.ack();
    const click = readClick(deps, args);
    const { leadId } = picked.ref;
    if (picked.choice === 'why') await openWhy(deps, click, leadId);
    if (picked.choice === 'snooze') await snooze(deps, click, leadId);
    if (picked.choice === 'not_mine') await notMine(deps, click, leadId);
  });
}

async function snooze(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  const until = new Date(deps.clock.now().getTime() + SNOOZE_MS);
  await recordDecision(deps, {
    ...click,
    act: 'snooze',
    words: 'snooze',
    decide: () => deps.ledger.snooze(decisionContext(click, leadId), until),
  });
}

/** A reassignment, not an override: it says nothing about the score. */
async function notMine(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  await recordDecision(deps, {
    ...click,
    act: 'notMine',
    words: 'not_mine',
    decide: () => deps.ledger.reassign(decisionContext(click, leadId), null),
  });
}

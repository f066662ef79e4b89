import type { App, BlockOverflowAction } from '@slack/bolt';
import { workdaysOf } from '../../../routing/workdays.ts';
import { ACTIONS } from '../../action-ids.ts';
import { decodeMenuValue } from '../../lead-ref.ts';
import { buildHandOver } from '../../modals/hand-over.ts';
import { buildSnooze } from '../../modals/snooze.ts';
import { type Click, decisionContext, readClick } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { openLeadForm } from '../open-lead-form.ts';
import { openWhy } from '../open-why.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** The menu behind the dots: Why, Snooze, Not mine, Hand over, Open in CRM (a link: nothing to do here). */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockOverflowAction>(ACTIONS.leadMore, async (args) => {
    const picked = decodeMenuValue(args.action.selected_option?.value);
    if (picked === null) return refuseUnknown(deps, args);
    await args.ack();
    const click = readClick(deps, args);
    const { leadId } = picked.ref;
    if (picked.choice === 'why') await openWhy(deps, click, leadId);
    if (picked.choice === 'snooze') await openSnooze(deps, click, leadId);
    if (picked.choice === 'not_mine') await notMine(deps, click, leadId);
    if (picked.choice === 'hand_over') await openHandOver(deps, click, leadId);
  });
}

async function openSnooze(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  await openLeadForm(deps, click, leadId, {
    act: 'snooze',
    async build(lead, metadata, { email, timeZone }) {
      const { teams } = await deps.ruleAdmin.live();
      const workdays = workdaysOf(email, teams);
      return buildSnooze(lead, metadata, deps.clock.now(), { timeZone, workdays });
    },
  });
}

async function openHandOver(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  await openLeadForm(deps, click, leadId, { act: 'handOver', build: buildHandOver });
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

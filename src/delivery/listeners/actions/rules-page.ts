import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { fillModal } from '../open-modal.ts';
import { readRules } from '../read-rules.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** Turns a page of the rules. */
export function register(app: App, deps: SlackDeps): void {
  on(app, deps, ACTIONS.rulesPrevious);
  on(app, deps, ACTIONS.rulesNext);
}

function on(app: App, deps: SlackDeps, actionId: string): void {
  app.action<BlockButtonAction>(actionId, async (args) => {
    const click = readClick(deps, args);
    const page = Number(args.action.value);
    if (click.modal === null || !Number.isSafeInteger(page)) return refuseUnknown(deps, args);
    await args.ack();
    const target = { viewId: click.modal.id, hash: click.modal.hash };
    await fillModal(deps, target, {
      ...click,
      act: 'rules',
      build: (member) => readRules(deps, member, page),
    });
  });
}

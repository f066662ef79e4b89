import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';
import { readRules } from '../read-rules.ts';

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.rulesOpen, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    const push = click.modal !== null;
    await openModal(deps, { ...click, act: 'rules', push, build: (me) => readRules(deps, me, 0) });
  });
}

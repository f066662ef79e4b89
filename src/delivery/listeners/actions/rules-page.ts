import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { fillModal } from '../open-modal.ts';
import { readRules } from '../read-rules.ts';

const TURN = new RegExp(`^${ACTIONS.rulesPage}_(previous|next)$`);

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(TURN, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    const page = Number(args.action.value);
    if (click.modal === null || !Number.isSafeInteger(page)) return;
    const target = { viewId: click.modal.id, hash: click.modal.hash };
    await fillModal(deps, target, {
      ...click,
      act: 'rules',
      build: (member) => readRules(deps, member, page),
    });
  });
}

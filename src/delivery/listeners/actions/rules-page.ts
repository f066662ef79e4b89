import type { App, BlockButtonAction } from '@slack/bolt';
import { RULES_PAGES } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { fillModal } from '../open-modal.ts';
import { readRules } from '../read-rules.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

const TURN = new RegExp(`^(?:${RULES_PAGES.join('|')})$`);

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(TURN, async (args) => {
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

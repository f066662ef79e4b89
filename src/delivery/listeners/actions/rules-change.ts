import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { buildChangeRule } from '../../modals/change-rule.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { sentence } from '../../replies/sentence.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { MODAL, RULES } from '../../text/words.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.rulesChange, async ({ ack, ...args }) => {
    await ack();
    const ruleId = args.action.value ?? '';
    const click = readClick(deps, args);
    await openModal(deps, {
      ...click,
      act: 'changeRule',
      push: click.modal !== null,
      async build() {
        const live = await deps.ruleAdmin.live();
        const rule = live.rules.find((each) => each.ruleId === ruleId);
        if (rule !== undefined) return buildChangeRule(rule, live.version);
        const unknown = RULES.unknownRule(escapeMrkdwn(ruleId, 120));
        return buildMessageModal(MODAL.notDone, sentence(unknown));
      },
    });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { buildRollback } from '../../modals/rollback.ts';
import { SLACK_LIMITS } from '../../text/limits.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';

export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.rulesRollback, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    await openModal(deps, {
      ...click,
      act: 'rollbackRules',
      push: click.modal !== null,
      async build({ timeZone }) {
        const [live, versions] = await Promise.all([
          deps.ruleAdmin.live(),
          deps.ruleAdmin.versions(SLACK_LIMITS.selectOptions),
        ]);
        return buildRollback(versions, live.version, timeZone);
      },
    });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { fillModal, openModal } from '../open-modal.ts';
import { readSetup, readSetupTeam } from '../read-setup.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** In the list of teams: change one, or check all of them again. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.setupChange, async ({ ack, ...args }) => {
    await ack();
    const click = readClick(deps, args);
    const teamId = args.action.value ?? '';
    await openModal(deps, {
      ...click,
      act: 'setup',
      push: click.modal !== null,
      build: () => readSetupTeam(deps, teamId, click.userId),
    });
  });
  app.action<BlockButtonAction>(ACTIONS.setupCheck, async (args) => {
    const click = readClick(deps, args);
    if (click.modal === null) return refuseUnknown(deps, args);
    await args.ack();
    const target = { viewId: click.modal.id, hash: click.modal.hash };
    await fillModal(deps, target, { ...click, act: 'setup', build: () => readSetup(deps) });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { ACTIONS } from '../../action-ids.ts';
import { readClick } from '../click.ts';
import { recordDecision } from '../decide.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';

/** Undo takes the place of the private answer that offered it, so that it is not offered twice. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.decisionUndo, async (args) => {
    const value = z.uuid().safeParse(args.action.value);
    if (!value.success) return refuseUnknown(deps, args);
    await args.ack();
    const decisionId = value.data;
    const click = readClick(deps, args);
    const { userId: actor, surface, traceId } = click;
    // One undo of one decision by one person, however often the button is clicked.
    const idempotencyKey = `undo:${decisionId}:${actor}`;
    await recordDecision(deps, {
      ...click,
      act: 'undo',
      words: 'undo',
      replace: click.isEphemeral,
      decide: () => deps.ledger.undo({ decisionId, actor, surface, traceId, idempotencyKey }),
    });
  });
}

import type { App, BlockButtonAction } from '@slack/bolt';
import { z } from 'zod';
import type { HeldEventAct } from '../../../decisions/held-events.ts';
import { ACTIONS } from '../../action-ids.ts';
import { sentence } from '../../replies/sentence.ts';
import { HELD, REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { requireRole } from '../require-role.ts';

/** Read a held webhook item again, or dismiss it. */
export function register(app: App, deps: SlackDeps): void {
  on(app, deps, ACTIONS.eventRetry, 'retry');
  on(app, deps, ACTIONS.eventDismiss, 'dismiss');
}

function on(app: App, deps: SlackDeps, actionId: string, act: HeldEventAct): void {
  app.action<BlockButtonAction>(actionId, async (args) => {
    const eventId = z.uuid().safeParse(args.action.value);
    if (!eventId.success) return refuseUnknown(deps, args);
    await args.ack();
    const { userId, traceId, teller } = readClick(deps, args);
    await attempt(deps, {
      name: `held event ${act}`,
      traceId,
      async work() {
        const allowed = await requireRole(deps.members, userId, 'release');
        if (!allowed.ok) return allowed.message;
        const result = await deps.heldEvents.settle(eventId.data, act, userId);
        return result.kind === 'done' ? HELD.settled[act] : HELD.gone(result.last);
      },
      done: (text) => teller.tell(sentence(text)),
      late: (reference) => teller.tell(sentence(REPLY.notYet(reference))),
      failed: (reference) => teller.tell(sentence(REPLY.notRecorded(reference))),
    });
  });
}

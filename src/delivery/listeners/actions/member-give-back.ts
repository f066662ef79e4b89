import type { App, BlockButtonAction } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { sentence } from '../../replies/sentence.ts';
import { SlackUserId } from '../../slack-user-id.ts';
import { TEAM } from '../../text/home-words.ts';
import { REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import { type Click, readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { requireRole } from '../require-role.ts';

/** All leads of somebody who is not there, back to their team: each one decision of its own. */
export function register(app: App, deps: SlackDeps): void {
  app.action<BlockButtonAction>(ACTIONS.memberGiveBack, async (args) => {
    const person = SlackUserId.safeParse(args.action.value);
    if (!person.success) return refuseUnknown(deps, args);
    await args.ack();
    const click = readClick(deps, args);
    const { teller, traceId } = click;
    const giveBack = givingBack(deps, click, person.data);
    await attempt(deps, {
      name: 'give back all',
      traceId,
      work: giveBack,
      done: (text) => teller.tell(sentence(text)),
      late: (reference) => teller.tell(sentence(REPLY.notYet(reference))),
      failed: (reference) => teller.tell(sentence(REPLY.notRecorded(reference))),
    });
  });
}

/** May run again: which leads it is about is found out once, and each has a key of its own. */
function givingBack(deps: SlackDeps, click: Click, person: string): () => Promise<string> {
  let leadIds: string[] | undefined;
  return async () => {
    const allowed = await requireRole(deps.members, click.userId, 'assign');
    if (!allowed.ok) return allowed.message;
    leadIds ??= await deps.home.leadsOf(allowed.member, person);
    const name = `<@${person}>`;
    if (leadIds.length === 0) return TEAM.nothingToGiveBack(name);
    let recorded = 0;
    for (const leadId of leadIds) {
      const { userId: actor, surface, traceId } = click;
      const idempotencyKey = `${click.idempotencyKey}:${leadId}`;
      const context = { leadId, actor, surface, idempotencyKey, traceId };
      const { kind } = await deps.ledger.assign(context, null);
      if (kind === 'recorded' || kind === 'repeated') recorded += 1;
    }
    const left = leadIds.length - recorded;
    const said = TEAM.gaveBack(recorded, name);
    return left === 0 ? said : `${said} ${TEAM.notGivenBack(left)}`;
  };
}

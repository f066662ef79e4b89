import type { App, BlockAction, BlockButtonAction } from '@slack/bolt';
import { z } from 'zod';
import { ACTIONS } from '../../action-ids.ts';
import { GRANTABLE_ROLES, type GrantableRole } from '../../ports.ts';
import { describeGrant } from '../../replies/granted.ts';
import { sentence } from '../../replies/sentence.ts';
import { SlackUserId } from '../../slack-user-id.ts';
import { PEOPLE } from '../../text/home-words.ts';
import { REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import { readClick } from '../click.ts';
import type { SlackDeps } from '../deps.ts';
import { requireRole } from '../require-role.ts';

/** The form in App Home that gives a role; what is picked in it counts when the button is clicked. */
export function register(app: App, deps: SlackDeps): void {
  for (const actionId of [ACTIONS.homeGrantPerson, ACTIONS.homeGrantRole]) {
    app.action(actionId, async ({ ack }) => {
      await ack();
    });
  }
  app.action<BlockButtonAction>(ACTIONS.homeGrant, async ({ ack, ...args }) => {
    await ack();
    const { userId, traceId, teller } = readClick(deps, args);
    const picked = readPicked(args.body, args.action.block_id);
    await attempt(deps, {
      name: 'grant in App Home',
      traceId,
      async work() {
        const allowed = await requireRole(deps.members, userId, 'grant');
        if (!allowed.ok) return allowed.message;
        if (picked === null) return PEOPLE.pickBoth;
        const { person, role } = picked;
        return describeGrant(await deps.members.grant(person, role, userId), person, role);
      },
      done: (text) => teller.tell(sentence(text)),
      late: (reference) => teller.tell(sentence(REPLY.notYet(reference))),
      failed: (reference) => teller.tell(sentence(REPLY.notRecorded(reference))),
    });
  });
}

const Picked = z.object({
  [ACTIONS.homeGrantPerson]: z.object({ selected_user: SlackUserId }),
  [ACTIONS.homeGrantRole]: z.object({
    selected_option: z.object({ value: z.enum(GRANTABLE_ROLES) }),
  }),
});

/** Null when one of the two is not picked. */
function readPicked(
  { view }: BlockAction,
  blockId: string,
): { person: string; role: GrantableRole } | null {
  const { data } = Picked.safeParse(view?.state.values[blockId]);
  if (data === undefined) return null;
  return {
    person: data[ACTIONS.homeGrantPerson].selected_user,
    role: data[ACTIONS.homeGrantRole].selected_option.value,
  };
}

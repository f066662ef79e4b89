import type { App } from '@slack/bolt';
import { ACTIONS } from '../../action-ids.ts';
import { sentence } from '../../replies/sentence.ts';
import { TEST_LEAD } from '../../text/command-words.ts';
import { REPLY } from '../../text/reply-words.ts';
import { attempt } from '../attempt.ts';
import type { SlackDeps } from '../deps.ts';
import { requireRole } from '../require-role.ts';
import { onLead } from './on-lead.ts';

export function register(app: App, deps: SlackDeps): void {
  onLead(app, deps, ACTIONS.testLeadRemove, ({ userId, traceId, teller, isEphemeral }, leadId) => {
    const say = (text: string, replace = false) => teller.tell(sentence(text), { replace });
    return attempt(deps, {
      name: ACTIONS.testLeadRemove,
      traceId,
      async work() {
        const allowed = await requireRole(deps.members, userId, 'testLead');
        if (!allowed.ok) return { text: allowed.message, isDone: false };
        const result = await deps.testLeads.remove(leadId, userId, traceId);
        const text = result.kind === 'gone' ? TEST_LEAD.gone : TEST_LEAD.removed(result.shortId);
        return { text, isDone: true };
      },
      done: ({ text, isDone }) => say(text, isDone && isEphemeral),
      late: (reference) => say(REPLY.notYet(reference)),
      failed: (reference) => say(REPLY.notRecorded(reference)),
      unsure: (reference) => say(REPLY.unsure(reference)),
    });
  });
}

import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { VIEWS } from '../../action-ids.ts';
import { NOTE_MIN } from '../../modals/change-rule.ts';
import { buildSaving } from '../../modals/loading.ts';
import type { RuleChange } from '../../ports.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { presentPublish } from '../present-publish.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { reopenChange } from '../reopen-rule-form.ts';
import { submitModal } from '../submit-modal.ts';
import { readMetadata } from './read-input.ts';

const Metadata = z.object({
  change: z.object({
    ruleId: z.string(),
    points: z.int().optional(),
    enabled: z.boolean().optional(),
  }),
  note: z.string().min(NOTE_MIN),
  baseVersion: z.int(),
});

/** Publish: what was previewed becomes a new live version. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.rulePublish, async (args) => {
    const { ack, body, view, client } = args;
    const publish = readMetadata(view, Metadata);
    if (publish === null) return refuseUnknown(deps, args);
    const { ruleId, points, enabled } = publish.change;
    const change: RuleChange = {
      ruleId,
      ...(points === undefined ? {} : { points }),
      ...(enabled === undefined ? {} : { enabled }),
    };
    const author = body.user.id;
    await submitModal(deps, {
      ...{ client, ack, view, userId: author, traceId: deps.ids(), channel: null },
      act: 'changeRule',
      waiting: buildSaving(),
      async work(member) {
        const { note, baseVersion } = publish;
        const result = await deps.ruleAdmin.publish(change, note, author, baseVersion);
        return presentPublish(deps, {
          result,
          published: RULES.published,
          again: () => reopenChange(deps.ruleAdmin, change, note),
          below: { client, view, member, ruleId },
        });
      },
    });
  });
}

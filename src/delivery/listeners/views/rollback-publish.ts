import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { VIEWS } from '../../action-ids.ts';
import { NOTE_MIN } from '../../modals/change-rule.ts';
import { buildSaving } from '../../modals/loading.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { presentPublish } from '../present-publish.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { reopenRollback } from '../reopen-rule-form.ts';
import { submitModal } from '../submit-modal.ts';
import { readMetadata } from './read-input.ts';

const Version = z.int32().positive();
const Metadata = z.object({
  baseVersion: Version,
  toVersion: Version,
  note: z.string().min(NOTE_MIN),
});

/** Roll back: a copy of the previewed version becomes a new live one. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.rollbackPublish, async (args) => {
    const { ack, body, view, client } = args;
    const publish = readMetadata(view, Metadata);
    if (publish === null) return refuseUnknown(deps, args);
    const { toVersion, note, baseVersion } = publish;
    const author = body.user.id;
    await submitModal(deps, {
      ...{ client, ack, view, userId: author, traceId: deps.ids(), channel: null },
      act: 'rollbackRules',
      waiting: buildSaving(),
      async work(member) {
        const result = await deps.ruleAdmin.rollback(toVersion, note, author, baseVersion);
        return presentPublish(deps, {
          result,
          published: (version, rescoring) => RULES.rolledBack(toVersion, version, rescoring),
          again: () => reopenRollback(deps.ruleAdmin, toVersion, note, member.timeZone),
          below: { client, view, member },
        });
      },
    });
  });
}

import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { NOTE_MIN } from '../../modals/change-rule.ts';
import { keepInput } from '../../modals/keep-input.ts';
import { buildComputing } from '../../modals/loading.ts';
import { buildPreviewRollback } from '../../modals/rollback.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { refreshRulesBelow } from '../refresh-rules-below.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { reopenRollback } from '../reopen-rule-form.ts';
import { submitModal } from '../submit-modal.ts';
import { enteredText, pickedOption, readMetadata } from './read-input.ts';

const Version = z.coerce.number().pipe(z.int32().positive());
const Metadata = z.object({ baseVersion: z.int32().positive() });

/** A version to go back to: nothing is changed yet, the preview says what would be. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.rulesRollback, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    const to = Version.safeParse(pickedOption(view.state.values, INPUTS.version));
    if (metadata === null || !to.success) return refuseUnknown(deps, args);
    const toVersion = to.data;
    const note = enteredText(view.state.values, INPUTS.note) ?? '';
    if (note.length < NOTE_MIN) {
      return ack({ response_action: 'errors', errors: { [INPUTS.note]: RULES.noteMissing } });
    }
    await submitModal(deps, {
      ...{ client, ack, view, userId: body.user.id, traceId: deps.ids(), channel: null },
      act: 'rollbackRules',
      waiting: buildComputing(),
      async work(member) {
        const { version } = await deps.ruleAdmin.live();
        if (version !== metadata.baseVersion) {
          await refreshRulesBelow(deps, { client, view, member });
          const { timeZone } = member;
          const again = await reopenRollback(deps.ruleAdmin, toVersion, note, timeZone);
          return { view: again, message: null };
        }
        const result = await deps.ruleAdmin.previewRollback(toVersion);
        if (!result.ok) {
          return { view: keepInput(view, escapeMrkdwn(result.message, 600)), message: null };
        }
        const publish = { ...metadata, toVersion, note };
        return { view: buildPreviewRollback(publish, result.preview), message: null };
      },
    });
  });
}

import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { buildSaving } from '../../modals/loading.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { presentPublish } from '../present-publish.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { pickedOption, readMetadata } from './read-input.ts';

const Version = z.coerce.number().pipe(z.int32().positive());
const Metadata = z.object({ baseVersion: z.int32().positive() });

/** Roll back: a copy of the picked version becomes a new live one. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.rulesRollback, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    const to = Version.safeParse(pickedOption(view.state.values, INPUTS.version));
    if (metadata === null || !to.success) return refuseUnknown(deps, args);
    const author = body.user.id;
    await submitModal(deps, {
      ...{ client, ack, view, userId: author, traceId: deps.ids(), channel: null },
      act: 'rollbackRules',
      waiting: buildSaving(),
      async work() {
        const result = await deps.ruleAdmin.rollback(to.data, author, metadata.baseVersion);
        return presentPublish(result, (version, n) => RULES.rolledBack(to.data, version, n));
      },
    });
  });
}

import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { isUnsure } from '../../../platform/postgres/database.ts';
import { VIEWS } from '../../action-ids.ts';
import { buildSaving } from '../../modals/loading.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { buildPrefsSaved, type GivenBack } from '../../replies/prefs-saved.ts';
import { MODAL } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { describeError } from '../describe-error.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { readMetadata, submitKey } from './read-input.ts';
import { readPrefsForm } from './read-prefs-form.ts';

const Metadata = z.object({ timeZone: z.string().nullable() });

/** Preferences submitted: checked without the database, then saved for whoever signed the request. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.prefs, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    if (metadata === null) return refuseUnknown(deps, args);
    const { timeZone } = metadata;
    const read = readPrefsForm(view.state.values, timeZone, deps.clock.now());
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
    const { preferences, giveBack } = read;
    const traceId = deps.ids();
    const userId = body.user.id;
    // Read once: when the work runs again, those that were given back are not theirs any more.
    let leadIds: readonly string[] | undefined;
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel: null },
      act: 'prefs',
      waiting: buildSaving(),
      async work() {
        await deps.preferences.save({ slackUserId: userId, timeZone }, preferences);
        leadIds ??= giveBack ? await deps.queries.uncalled(userId) : [];
        const key = submitKey(view, userId);
        const given = await giveBackAll(deps, leadIds, { actor: userId, traceId, key });
        const message = buildPrefsSaved(preferences, timeZone, given, deps.clock.now());
        return { view: buildMessageModal(MODAL.done, message), message };
      },
    });
  });
}

/** Each lead is a decision of its own; one that fails is told and keeps no other. */
async function giveBackAll(
  deps: SlackDeps,
  leadIds: readonly string[],
  { actor, traceId, key }: { actor: string; traceId: string; key: string },
): Promise<GivenBack> {
  const counts = { given: 0, failed: 0 };
  for (const leadId of leadIds) {
    const idempotencyKey = `${key}:${leadId}`;
    const context = { leadId, actor, surface: 'command', idempotencyKey, traceId } as const;
    try {
      const { kind } = await deps.ledger.reassign(context, null);
      if (kind === 'recorded' || kind === 'repeated') counts.given += 1;
    } catch (error) {
      // Perhaps recorded: the whole is asked again, with the same keys.
      if (isUnsure(error)) throw error;
      counts.failed += 1;
      deps.log.error({ traceId, leadId, err: describeError(error) }, 'lead was not given back');
    }
  }
  return counts;
}

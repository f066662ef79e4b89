import type { App, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { HAND_OVER_NOTE_MAX } from '../../modals/hand-over.ts';
import { buildSaving } from '../../modals/loading.ts';
import { HAND_OVER } from '../../text/decision-words.ts';
import { decidedModal } from '../decided-modal.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { formContext, LeadForm } from './lead-form.ts';
import { enteredText, pickedUser, readMetadata } from './read-input.ts';

const Metadata = LeadForm.extend({ rep: z.string().nullable() });

/** Hand over submitted: the receiver is made known first, then the ledger says whether they may get it. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.handOver, async (args) => {
    const { ack, body, view, client } = args;
    const form = readMetadata(view, Metadata);
    if (form === null) return refuseUnknown(deps, args);
    const toMember = pickedUser(view.state.values, INPUTS.toMember);
    if (toMember === null) {
      const errors = { [INPUTS.toMember]: HAND_OVER.pick };
      return ack({ response_action: 'errors', errors });
    }
    const note = enteredText(view.state.values, INPUTS.note)?.slice(0, HAND_OVER_NOTE_MAX) ?? null;
    const traceId = deps.ids();
    const userId = body.user.id;
    const context = formContext(form, view, userId, traceId);
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel: form.channel },
      act: 'handOver',
      surface: form.surface,
      waiting: buildSaving(),
      async work() {
        // Somebody whom First Call has not seen before is asked for at Slack, and recorded.
        await deps.members.get(toMember);
        const result = await deps.ledger.handOver(context, toMember, { note, shownRep: form.rep });
        return decidedModal(view, 'hand_over', result, deps.clock.now(), { toMember });
      },
    });
  });
}

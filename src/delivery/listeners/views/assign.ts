import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { DecisionContext } from '../../../decisions/ledger.ts';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { BACK, buildAssign } from '../../modals/assign.ts';
import { refill } from '../../modals/keep-input.ts';
import { buildSaving } from '../../modals/loading.ts';
import { buildMessageModal } from '../../modals/message.ts';
import type { Member } from '../../ports.ts';
import { staleText } from '../../replies/decided.ts';
import { sentence } from '../../replies/sentence.ts';
import { SlackUserId } from '../../slack-user-id.ts';
import { ASSIGN } from '../../text/home-words.ts';
import { MODAL } from '../../text/words.ts';
import { decidedModal } from '../decided-modal.ts';
import type { SlackDeps } from '../deps.ts';
import { readTeamLeads } from '../read-team-leads.ts';
import { refreshBelow } from '../refresh-below.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { type SubmitResult, submitModal } from '../submit-modal.ts';
import { pickedOption, readMetadata, submitKey } from './read-input.ts';

const Metadata = z.object({
  ...{ leadId: z.uuid(), teamId: z.string(), page: z.int().min(0) },
  /** Forms that were opened before this was compared do not say it. */
  shown: z.object({ rep: z.string().nullable(), accepted: z.boolean() }).optional(),
});
type Metadata = z.infer<typeof Metadata>;
const Receiver = z.union([z.literal(BACK).transform(() => null), SlackUserId]);

/** Assign or take back, by a manager; App Home behind it and the list below it follow. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.assign, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    const receiver = Receiver.safeParse(pickedOption(view.state.values, INPUTS.assignee));
    if (metadata === null || !receiver.success) return refuseUnknown(deps, args);
    const userId = body.user.id;
    const traceId = deps.ids();
    const { leadId } = metadata;
    const idempotencyKey = submitKey(view, userId);
    const context = { leadId, actor: userId, surface: 'home', idempotencyKey, traceId } as const;
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel: null },
      ...{ act: 'assign', surface: 'home', waiting: buildSaving() },
      async work(member) {
        const result = await assign(deps, { view, member, context, metadata, to: receiver.data });
        const { teamId, page } = metadata;
        await refreshBelow(deps, { client, view }, () => readTeamLeads(deps, member, teamId, page));
        return result;
      },
    });
  });
}

interface AssignRequest {
  view: ViewOutput;
  member: Member;
  context: DecisionContext;
  metadata: Metadata;
  to: string | null;
}

/** Only to somebody whom the form offers: what comes back from it is not believed. */
async function assign(deps: SlackDeps, request: AssignRequest): Promise<SubmitResult> {
  const { view, member, context, metadata, to } = request;
  const found = await deps.home.assignable(member, context.leadId);
  // Whoever has it already is among those: the same form, sent again.
  const isOffered = to === null || to === found?.lead.rep;
  if (found === null || !(isOffered || found.reps.some(({ userId }) => userId === to))) {
    const message = sentence(found === null ? ASSIGN.gone : ASSIGN.notOffered);
    return { view: buildMessageModal(MODAL.notDone, message), message };
  }
  const result = await deps.ledger.assign(context, to, metadata.shown);
  if (result.kind === 'stale') {
    const notice = staleText(result, deps.clock.now());
    return { view: await redraw(deps, request, notice), message: sentence(notice) };
  }
  return decidedModal(view, 'assign', result, deps.clock.now(), { toMember: to });
}

/** The form as it would open now, with who was picked. */
async function redraw(
  deps: SlackDeps,
  { view, member, metadata }: AssignRequest,
  notice: string,
): Promise<ModalView> {
  const now = await deps.home.assignable(member, metadata.leadId);
  if (now === null) return buildMessageModal(MODAL.notDone, sentence(ASSIGN.gone));
  return refill(buildAssign(now, metadata.page, deps.clock.now()), view.state.values, notice);
}

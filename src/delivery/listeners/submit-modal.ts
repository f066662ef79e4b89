import { setTimeout as wait } from 'node:timers/promises';
import type { AckFn, ViewOutput, ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Surface } from '../../decisions/ledger.ts';
import type { Message } from '../blocks/message.ts';
import { keepInput } from '../modals/keep-input.ts';
import { buildMessageModal } from '../modals/message.ts';
import type { Member } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { REPLY } from '../text/reply-words.ts';
import { MODAL } from '../text/words.ts';
import { attempt, before, untilSure } from './attempt.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { publishHome } from './publish-home.ts';
import { type ActName, requireRole } from './require-role.ts';
import { tellPrivately } from './teller.ts';
import { updateView } from './update-view.ts';

/** What a submit led to. With a message it is told even when the modal was closed meanwhile. */
export interface SubmitResult {
  view: ModalView;
  message: Message | null;
  /** What was asked for is done: the form is gone. */
  isRecorded?: boolean;
}

export interface SubmitRequest {
  client: WebClient;
  ack: AckFn<ViewResponseAction>;
  view: ViewOutput;
  userId: string;
  traceId: string;
  act: ActName;
  /** Where to answer when the modal is closed before the answer is there. */
  channel: string | null;
  /** Where the form was opened: App Home behind it is drawn anew, with the answer above. */
  surface?: Surface;
  /** Shown while it takes longer than a moment. */
  waiting: ModalView;
  work(member: Member): Promise<SubmitResult>;
}

/** Within this time the result itself is the answer to Slack: no "Saving" that only flashes by. */
const AT_ONCE_MS = 400;
/** Slack puts our answer ("Saving") in place after the request; an update sent at once could be overtaken by it. */
const SETTLE_MS = 300;

/**
 * A submitted modal: the result, or "Saving" and then the result. It never closes before the commit, and
 * keeps what was entered when nothing was recorded.
 */
export async function submitModal(deps: SlackDeps, request: SubmitRequest): Promise<void> {
  const { act, traceId } = request;
  const name = `submit ${act}`;
  const work = untilSure(deps, { name, traceId, work: () => checkedWork(deps, request) });
  const quick = await before(
    work.then(
      (result) => result,
      () => 'late' as const,
    ),
    AT_ONCE_MS,
  );
  if (quick !== 'late') {
    await request.ack({ response_action: 'update', view: quick.view });
    await redrawHome(deps, request, quick);
    return;
  }
  await request.ack({ response_action: 'update', view: request.waiting });
  await wait(SETTLE_MS);
  const keep = (text: string): SubmitResult => ({
    view: keepInput(request.view, text),
    message: sentence(text),
  });
  await attempt(deps, {
    name,
    traceId,
    spentMs: AT_ONCE_MS + SETTLE_MS,
    work: () => work,
    async done(result) {
      await show(deps, request, result);
      await redrawHome(deps, request, result);
    },
    late: (reference) => {
      const message = sentence(REPLY.notYet(reference));
      return show(deps, request, { view: buildMessageModal(MODAL.saving, message), message });
    },
    failed: (reference) => show(deps, request, keep(REPLY.notRecordedForm(reference))),
    unsure: (reference) => show(deps, request, keep(REPLY.unsure(reference))),
  });
}

async function redrawHome(
  deps: SlackDeps,
  { client, userId, surface }: SubmitRequest,
  { message, isRecorded = false }: SubmitResult,
): Promise<void> {
  if (surface === 'home' && isRecorded) await publishHome(deps, client, userId, message);
}

async function checkedWork(deps: SlackDeps, request: SubmitRequest): Promise<SubmitResult> {
  const allowed = await requireRole(deps.members, request.userId, request.act);
  if (allowed.ok) return request.work(allowed.member);
  const message = sentence(allowed.message);
  return { view: buildMessageModal(MODAL.notDone, message), message };
}

/** In the modal; when it has been closed, in the channel or a direct message. */
async function show(deps: SlackDeps, request: SubmitRequest, result: SubmitResult): Promise<void> {
  const { client, view, channel, userId, traceId } = request;
  try {
    await updateView(client, { viewId: view.id }, result.view);
  } catch (error) {
    deps.log.info({ traceId, err: describeError(error) }, 'modal is gone, answering otherwise');
    if (result.message !== null) await tellPrivately(client, channel, userId, result.message);
  }
}

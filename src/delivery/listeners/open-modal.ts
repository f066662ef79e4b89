import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { buildLoading } from '../modals/loading.ts';
import { buildMessageModal } from '../modals/message.ts';
import type { Member } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { REPLY } from '../text/reply-words.ts';
import { MODAL } from '../text/words.ts';
import { attempt } from './attempt.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { type ActName, requireRole } from './require-role.ts';
import type { Teller } from './teller.ts';
import { updateView, type ViewTarget } from './update-view.ts';

export interface ModalRequest {
  client: WebClient;
  userId: string;
  traceId: string;
  act: ActName;
  /** Reads what the modal shows. */
  build(member: Member): Promise<ModalView>;
}

export interface OpenRequest extends ModalRequest {
  triggerId: string;
  /** On top of the modal that was clicked. */
  push: boolean;
  /** Where to say that it did not open. */
  teller: Teller | null;
}

/** Opens a loading modal at once, before anything is read (a trigger lives 3 s), and fills it then. */
export async function openModal(deps: SlackDeps, request: OpenRequest): Promise<void> {
  const { client, triggerId, push, traceId } = request;
  const args = { trigger_id: triggerId, view: buildLoading() };
  let target: ViewTarget;
  try {
    const opened = push ? await client.views.push(args) : await client.views.open(args);
    if (opened.view?.id === undefined) throw new Error('Slack opened no view');
    const hash = opened.view.hash;
    target = { viewId: opened.view.id, ...(hash === undefined ? {} : { hash }) };
  } catch (error) {
    deps.log.warn({ traceId, err: describeError(error) }, 'modal did not open');
    await request.teller?.tell(sentence(REPLY.cannotOpen));
    return;
  }
  await fillModal(deps, target, request);
}

/** The person closed the modal, or made something else of it. */
function isGone(error: unknown): boolean {
  const gone = ['hash_conflict', 'not_found', 'view_not_found'];
  return error instanceof WebAPIPlatformError && gone.includes(error.data.error);
}

/** Fills a modal that is open. */
export async function fillModal(
  deps: SlackDeps,
  target: ViewTarget,
  request: ModalRequest,
): Promise<void> {
  const { client, userId, act, traceId } = request;
  let current = target;
  const show = async (view: ModalView): Promise<void> => {
    try {
      current = await updateView(client, current, view);
    } catch (error) {
      if (!isGone(error)) throw error;
      // What they look at now is newer than what they clicked: it stays.
      deps.log.info({ traceId, act, err: describeError(error) }, 'modal was changed meanwhile');
    }
  };
  const say = (text: string) => show(buildMessageModal(MODAL.notDone, sentence(text)));
  await attempt(deps, {
    name: `open ${act}`,
    traceId,
    async work() {
      const allowed = await requireRole(deps.members, userId, act);
      if (!allowed.ok) return buildMessageModal(MODAL.notDone, sentence(allowed.message));
      return request.build(allowed.member);
    },
    done: show,
    late: (reference) =>
      show(buildMessageModal(MODAL.loading, sentence(REPLY.stillReading(reference)))),
    failed: (reference) => say(REPLY.notRead(reference)),
  });
}

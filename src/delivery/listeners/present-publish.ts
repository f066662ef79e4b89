import { buildMessageModal } from '../modals/message.ts';
import type { PublishResult } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { MODAL } from '../text/words.ts';
import type { SubmitResult } from './submit-modal.ts';

/** Live, or what stood in the way. */
export function presentPublish(
  result: PublishResult,
  published: (version: number, rescoring: number) => string,
): SubmitResult {
  const done = result.kind === 'published';
  const text = done
    ? published(result.version, result.rescoring)
    : escapeMrkdwn(result.message, 1_000);
  const message = sentence(text);
  return { view: buildMessageModal(done ? MODAL.done : MODAL.notDone, message), message };
}

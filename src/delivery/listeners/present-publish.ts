import type { ModalView } from '@slack/types';
import { buildMessageModal } from '../modals/message.ts';
import type { PublishResult } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { MODAL, RULES } from '../text/words.ts';
import type { SubmitResult } from './submit-modal.ts';

/** Live, or what stood in the way; after a conflict the form of `again`, filled in. */
export async function presentPublish(
  result: PublishResult,
  published: (version: number, rescoring: string) => string,
  again: () => Promise<ModalView>,
): Promise<SubmitResult> {
  if (result.kind === 'conflict') return { view: await again(), message: null };
  const done = result.kind === 'published';
  const text = done
    ? published(result.version, RULES.rescoring(result.rescoring, result.others))
    : escapeMrkdwn(result.message, 1_000);
  const message = sentence(text);
  return { view: buildMessageModal(done ? MODAL.done : MODAL.notDone, message), message };
}

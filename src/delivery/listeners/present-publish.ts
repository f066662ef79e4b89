import type { ModalView } from '@slack/types';
import { buildMessageModal } from '../modals/message.ts';
import type { PublishResult } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { MODAL, RULES } from '../text/words.ts';
import type { SlackDeps } from './deps.ts';
import { type RulesBelow, refreshRulesBelow } from './refresh-rules-below.ts';
import type { SubmitResult } from './submit-modal.ts';

export interface Publication {
  result: PublishResult;
  published: (version: number, rescoring: string) => string;
  /** After a conflict: the form again, filled in. */
  again: () => Promise<ModalView>;
  below: RulesBelow;
}

/** Live, or what stood in the way, on top of the rules that are live now. */
export async function presentPublish(
  deps: SlackDeps,
  { result, published, again, below }: Publication,
): Promise<SubmitResult> {
  const isFresh = await refreshRulesBelow(deps, below);
  if (result.kind === 'conflict') return { view: await again(), message: null };
  const done = result.kind === 'published';
  const text = done
    ? published(result.version, RULES.rescoring(result.rescoring, result.others))
    : escapeMrkdwn(result.message, 1_000);
  const message = sentence(text);
  const view = buildMessageModal(done ? MODAL.done : MODAL.notDone, message);
  return { view: isFresh ? view : { ...view, clear_on_close: true }, message };
}

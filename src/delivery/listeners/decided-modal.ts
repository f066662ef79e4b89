import type { ViewOutput } from '@slack/bolt';
import type { DecisionResult } from '../../decisions/ledger.ts';
import { keepInput } from '../modals/keep-input.ts';
import { buildMessageModal } from '../modals/message.ts';
import { type Act, buildDecided, type DecidedFacts } from '../replies/decided.ts';
import { MODAL } from '../text/words.ts';
import type { SubmitResult } from './submit-modal.ts';

/** What a form's decision led to: told in its place. What was refused keeps the form, with what was entered. */
export function decidedModal(
  view: ViewOutput,
  act: Act,
  result: DecisionResult,
  now: Date,
  facts: DecidedFacts = {},
): SubmitResult {
  const message = buildDecided(act, result, now, facts);
  if (result.kind === 'refused') return { view: keepInput(view, message.text), message };
  const done = result.kind === 'recorded' || result.kind === 'repeated';
  const shown = buildMessageModal(done ? MODAL.done : MODAL.notDone, message);
  return { view: shown, message, isRecorded: done };
}

import type { ModalView } from '@slack/types';
import { buildMessageModal } from '../modals/message.ts';
import { buildWhy } from '../modals/why.ts';
import { sentence } from '../replies/sentence.ts';
import { MODAL } from '../text/words.ts';
import type { Click } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { openModal } from './open-modal.ts';

export async function openWhy(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  await openModal(deps, {
    ...click,
    act: 'why',
    push: click.modal !== null,
    build: () => readWhy(deps, leadId),
  });
}

export async function readWhy(deps: SlackDeps, leadId: string): Promise<ModalView> {
  const [view, codes] = await Promise.all([deps.queries.why(leadId), deps.codes()]);
  if (view === null) return buildMessageModal(MODAL.notDone, sentence(MODAL.notFound));
  return buildWhy(view, codes, deps.clock.now());
}

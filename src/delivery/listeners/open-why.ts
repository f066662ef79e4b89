import type { ModalView } from '@slack/types';
import { buildMessageModal } from '../modals/message.ts';
import { buildWhy } from '../modals/why.ts';
import { sentence } from '../replies/sentence.ts';
import { MODAL } from '../text/words.ts';
import type { Click } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { openModal } from './open-modal.ts';
import { mayDo } from './require-role.ts';

export async function openWhy(deps: SlackDeps, click: Click, leadId: string): Promise<void> {
  await openModal(deps, {
    ...click,
    act: 'why',
    push: click.modal !== null,
    build: () => readWhy(deps, leadId, click.userId),
  });
}

export async function readWhy(deps: SlackDeps, leadId: string, userId: string): Promise<ModalView> {
  const [view, codes, { role }] = await Promise.all([
    deps.queries.why(leadId),
    deps.codes(),
    deps.members.get(userId),
  ]);
  if (view === null) return buildMessageModal(MODAL.notDone, sentence(MODAL.notFound));
  return buildWhy(view, codes, deps.clock.now(), {
    notes: mayDo(role, 'held'),
    viewer: userId,
  });
}

import { buildMessageModal } from '../modals/message.ts';
import { buildOverride } from '../modals/override.ts';
import { sentence } from '../replies/sentence.ts';
import { MODAL } from '../text/words.ts';
import type { Click } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { openModal } from './open-modal.ts';

/** `out`: only why it should not be called is asked. */
export async function openOverride(
  deps: SlackDeps,
  click: Click,
  leadId: string,
  { out = false }: { out?: boolean } = {},
): Promise<void> {
  await openModal(deps, {
    ...click,
    act: 'override',
    push: click.modal !== null,
    async build() {
      const [view, codes] = await Promise.all([deps.queries.why(leadId), deps.codes()]);
      if (view === null) return buildMessageModal(MODAL.notDone, sentence(MODAL.notFound));
      const { surface, channel } = click;
      return buildOverride(view, codes, { leadId, surface, channel, out });
    },
  });
}

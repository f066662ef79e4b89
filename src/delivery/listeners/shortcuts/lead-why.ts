import type { App, MessageShortcut } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { SHORTCUTS } from '../../action-ids.ts';
import { decodeLeadBlock } from '../../lead-ref.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { buildPickLead } from '../../modals/pick-lead.ts';
import { sentence } from '../../replies/sentence.ts';
import { FIND } from '../../text/reply-words.ts';
import { MODAL } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { openModal } from '../open-modal.ts';
import { readWhy } from '../open-why.ts';
import { tellByResponse } from '../teller.ts';

/** "Why this lead?" on a message: its lead, or a list to pick from when it shows several. */
export function register(app: App, deps: SlackDeps): void {
  app.shortcut<MessageShortcut>(SHORTCUTS.leadWhy, async ({ ack, shortcut, client, respond }) => {
    await ack();
    const leadIds = leadsShown(shortcut.message.blocks);
    const userId = shortcut.user.id;
    const channel = shortcut.channel.id;
    await openModal(deps, {
      ...{ client, userId, traceId: deps.ids(), triggerId: shortcut.trigger_id, push: false },
      act: 'why',
      teller: tellByResponse(deps, respond, { client, channel, user: userId }),
      build: () => build(deps, leadIds, userId),
    });
  });
}

async function build(
  deps: SlackDeps,
  leadIds: readonly string[],
  userId: string,
): Promise<ModalView> {
  const [only] = leadIds;
  if (only === undefined) return buildMessageModal(MODAL.notDone, sentence(FIND.noLeadHere));
  if (leadIds.length === 1) return readWhy(deps, only, userId);
  const views = await Promise.all(leadIds.map((leadId) => deps.queries.why(leadId)));
  const leads = views.flatMap((view) => (view === null ? [] : [view.lead]));
  return buildPickLead(leads, FIND.pick);
}

/** Block ids of our messages name their leads. */
export function leadsShown(blocks: unknown): string[] {
  if (!Array.isArray(blocks)) return [];
  const ids = blocks.flatMap((block: unknown) => {
    const isBlock = typeof block === 'object' && block !== null && 'block_id' in block;
    const shown = isBlock ? decodeLeadBlock(String(block.block_id)) : null;
    return shown === null ? [] : [shown.ref.leadId];
  });
  return [...new Set(ids)];
}

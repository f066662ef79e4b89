import type { KnownBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { modal } from './modal.ts';

/** A reply where there is no channel to answer in. */
export function buildMessageModal(title: string, message: Message): ModalView {
  const blocks: KnownBlock[] =
    message.blocks.length > 0
      ? message.blocks
      : [{ type: 'section', text: plain(message.text, SLACK_LIMITS.sectionText) }];
  return modal({ title, blocks });
}

import type { KnownBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { LABELS } from '../text/words.ts';

export interface ModalOptions {
  title: string;
  blocks: KnownBlock[];
  callbackId?: string;
  submit?: string;
  /** Null: Slack's own cross only. */
  close?: string;
  /** What the submit handler must know again. Signed by Slack on its way back; ids and numbers only. */
  metadata?: unknown;
}

export function modal(options: ModalOptions): ModalView {
  const { title, blocks, callbackId, submit, close, metadata } = options;
  return {
    type: 'modal',
    title: plain(title, SLACK_LIMITS.modalTitle),
    close: plain(close ?? LABELS.close, SLACK_LIMITS.modalButton),
    blocks: blocks.slice(0, SLACK_LIMITS.viewBlocks),
    ...(callbackId === undefined ? {} : { callback_id: callbackId }),
    ...(submit === undefined ? {} : { submit: plain(submit, SLACK_LIMITS.modalButton) }),
    ...(metadata === undefined ? {} : { private_metadata: JSON.stringify(metadata) }),
  };
}

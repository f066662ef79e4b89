import type { ModalView } from '@slack/types';
import { section } from '../blocks/kit.ts';
import { MODAL } from '../text/words.ts';
import { modal } from './modal.ts';

/** Shown at once, before anything is read: it needs no database. */
export function buildLoading(): ModalView {
  return modal({ title: MODAL.loading, blocks: [section(MODAL.loadingText)] });
}

/** Shown while a submitted modal is being recorded. */
export function buildSaving(): ModalView {
  return modal({ title: MODAL.saving, blocks: [section(MODAL.savingText)] });
}

export function buildComputing(): ModalView {
  return modal({ title: MODAL.computing, blocks: [section(MODAL.computingText)] });
}

import { isRecord, type JsonRecord, recordsOf } from '../doubles/json.ts';
import {
  type BlockError,
  checkKeys,
  checkOptionalText,
  checkString,
  checkText,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import { validateBlocks } from './validate-blocks.ts';

const LIMITS = BLOCK_KIT_LIMITS.view;
const SHARED_KEYS = ['type', 'blocks', 'private_metadata', 'callback_id', 'external_id'];
const MODAL_KEYS = ['title', 'submit', 'close', 'clear_on_close', 'notify_on_close'];

/** Every broken limit of a modal or home view; pointers start at the view. */
export function validateView(view: unknown): BlockError[] {
  const errors: BlockError[] = [];
  const report: Report = (pointer, message) => errors.push({ pointer, message });
  if (!isRecord(view)) return [{ pointer: '', message: 'must be an object' }];
  const isModal = view.type === 'modal';
  if (!isModal && view.type !== 'home') {
    return [{ pointer: '/type', message: `unsupported type: ${String(view.type)}` }];
  }
  checkKeys(report, '', view, isModal ? [...SHARED_KEYS, ...MODAL_KEYS] : SHARED_KEYS);
  checkString(report, '/private_metadata', view.private_metadata, LIMITS.privateMetadata);
  checkString(report, '/callback_id', view.callback_id, LIMITS.callbackId);
  checkString(report, '/external_id', view.external_id, LIMITS.externalId);
  if (isModal) checkModal(report, view);
  if (countFocused(view.blocks) > LIMITS.focused) {
    report('/blocks', 'focus_on_load is allowed once');
  }
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.bytes) report('', 'view_too_large');
  return [...errors, ...validateBlocks(view.blocks, isModal ? 'modal' : 'home')];
}

function checkModal(report: Report, view: JsonRecord): void {
  const kind = 'plain_text' as const;
  checkText(report, '/title', view.title, { max: LIMITS.title, kind });
  checkOptionalText(report, '/submit', view.submit, { max: LIMITS.submit, kind });
  checkOptionalText(report, '/close', view.close, { max: LIMITS.close, kind });
  const hasInput = recordsOf(view.blocks).some((block) => block.type === 'input');
  if (hasInput && view.submit === undefined) report('/submit', 'missing required field: submit');
}

function countFocused(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + countFocused(each), 0);
  if (!isRecord(value)) return 0;
  return (value.focus_on_load === true ? 1 : 0) + countFocused(Object.values(value));
}

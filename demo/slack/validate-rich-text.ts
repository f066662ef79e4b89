import { isRecord, type JsonRecord } from '../doubles/json.ts';
import { checkList, checkString, type Report } from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';

const LEAVES: Readonly<Record<string, string | undefined>> = {
  text: 'text',
  link: 'url',
  emoji: 'name',
  user: 'user_id',
  usergroup: 'usergroup_id',
  channel: 'channel_id',
  broadcast: 'range',
  color: 'value',
  date: 'timestamp',
};

export function checkRichText(report: Report, pointer: string, block: JsonRecord): void {
  const parts = checkList(report, `${pointer}/elements`, block.elements, Infinity);
  for (const [index, part] of parts.entries()) {
    checkPart(report, `${pointer}/elements/${index}`, part);
  }
}

function checkPart(report: Report, pointer: string, part: unknown): void {
  const type = isRecord(part) ? part.type : undefined;
  if (!isRecord(part) || typeof type !== 'string' || !type.startsWith('rich_text_')) {
    report(`${pointer}/type`, `unsupported type: ${String(type)}`);
    return;
  }
  const elements = checkList(report, `${pointer}/elements`, part.elements, Infinity, 0);
  for (const [index, element] of elements.entries()) {
    const at = `${pointer}/elements/${index}`;
    if (type === 'rich_text_list') checkPart(report, at, element);
    else checkLeaf(report, at, element);
  }
}

function checkLeaf(report: Report, pointer: string, element: unknown): void {
  const type = isRecord(element) ? String(element.type) : '';
  const required = LEAVES[type];
  if (!isRecord(element) || required === undefined) {
    report(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  const value = element[required];
  if (value === undefined) report(`${pointer}/${required}`, `missing required field: ${required}`);
  // Slack refuses empty text here as well, which a lead with an empty name would produce.
  if (type === 'text') {
    checkString(report, `${pointer}/text`, value, BLOCK_KIT_LIMITS.message.text, 1);
  }
}

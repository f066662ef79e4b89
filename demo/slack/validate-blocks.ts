import { canonicalJson, isRecord, type JsonRecord, listOf } from '../doubles/json.ts';
import {
  type BlockError,
  checkKeys,
  checkList,
  checkOptionalText,
  checkString,
  checkText,
  countTextCharacters,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import { checkElement, checkImageElement } from './validate-elements.ts';
import { checkRichText } from './validate-rich-text.ts';

export type { BlockError } from './block-checks.ts';

export type Surface = 'message' | 'modal' | 'home';

type BlockCheck = (report: Report, pointer: string, block: JsonRecord) => void;

const LIMITS = BLOCK_KIT_LIMITS;
const PLAIN = 'plain_text' as const;
const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];
const MESSAGES: readonly Surface[] = ['message'];

const BLOCKS: Readonly<Record<string, { surfaces: readonly Surface[]; check: BlockCheck }>> = {
  section: { surfaces: EVERYWHERE, check: checkSection },
  header: { surfaces: EVERYWHERE, check: checkHeader },
  divider: { surfaces: EVERYWHERE, check: checkDivider },
  context: { surfaces: EVERYWHERE, check: checkContext },
  actions: { surfaces: EVERYWHERE, check: checkActions },
  image: { surfaces: EVERYWHERE, check: checkImage },
  input: { surfaces: EVERYWHERE, check: checkInput },
  rich_text: { surfaces: EVERYWHERE, check: checkRichText },
  video: { surfaces: EVERYWHERE, check: checkVideo },
  context_actions: { surfaces: MESSAGES, check: checkContextActions },
  markdown: { surfaces: MESSAGES, check: checkMarkdown },
  table: { surfaces: MESSAGES, check: checkTable },
  data_table: { surfaces: MESSAGES, check: checkDataTable },
  data_visualization: { surfaces: MESSAGES, check: () => undefined },
  card: { surfaces: MESSAGES, check: checkCard },
  carousel: { surfaces: MESSAGES, check: checkCarousel },
  container: { surfaces: MESSAGES, check: checkContainer },
};

export interface MessageInput {
  /** The plain-text fallback that notifications and screen readers use: required here. */
  text?: unknown;
  blocks?: unknown;
  metadata?: unknown;
}

/** Every broken limit of a message; empty when Slack would take it. Stricter than Slack in one point: blocks need `text`. */
export function validateMessage(
  message: MessageInput,
  maxText: number = LIMITS.message.text,
): BlockError[] {
  const errors: BlockError[] = [];
  const report: Report = (pointer, text) => errors.push({ pointer, message: text });
  if (typeof message.text !== 'string' || message.text.trim() === '') {
    report('/text', 'missing required fallback text');
  }
  checkString(report, '/text', message.text, maxText);
  if (message.metadata !== undefined) checkMetadata(report, message.metadata);
  if (message.blocks === undefined) return errors;
  errors.push(...validateBlocks(message.blocks, 'message'));
  return errors;
}

/** Every broken limit in a list of blocks on one surface. */
export function validateBlocks(blocks: unknown, surface: Surface): BlockError[] {
  const errors: BlockError[] = [];
  const report: Report = (pointer, message) => errors.push({ pointer, message });
  const max = surface === 'message' ? LIMITS.message.blocks : LIMITS.view.blocks;
  const listed = checkList(report, '/blocks', blocks, max, 0);
  for (const [index, block] of listed.entries()) {
    checkBlock(report, `/blocks/${index}`, block, surface);
  }
  checkUniqueBlockIds(report, listed);
  if (surface === 'message') checkMessageTotals(report, listed);
  return errors;
}

function checkBlock(report: Report, pointer: string, block: unknown, surface: Surface): void {
  const type = isRecord(block) ? String(block.type) : '';
  const known = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  if (!isRecord(block) || known === undefined || !known.surfaces.includes(surface)) {
    report(`${pointer}/type`, `unsupported type: ${type}`);
    return;
  }
  checkString(report, `${pointer}/block_id`, block.block_id, LIMITS.blockId, 1);
  known.check(report, pointer, block);
}

function checkUniqueBlockIds(report: Report, blocks: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const id = isRecord(block) ? block.block_id : undefined;
    if (id === undefined) continue;
    if (seen.has(id)) report(`/blocks/${index}/block_id`, `block_id already exists: ${String(id)}`);
    seen.add(id);
  }
}

function checkMessageTotals(report: Report, blocks: readonly unknown[]): void {
  const limits = LIMITS.message;
  const size = countTextCharacters(blocks) + blocks.length * limits.perBlock;
  if (size > limits.characters) {
    report('/blocks', `msg_blocks_too_long: ${size} of ${limits.characters} characters`);
  }
  const records = blocks.filter(isRecord);
  const markdown = records.filter((block) => block.type === 'markdown');
  if (countTextCharacters(markdown) > limits.markdown) {
    report('/blocks', `markdown must be less than ${limits.markdown + 1} characters in all`);
  }
  const tables = records.filter((block) => block.type === 'table' || block.type === 'data_table');
  if (tables.length > limits.tables) report('/blocks', 'only one table allowed');
  const charts = records.filter((block) => block.type === 'data_visualization');
  if (charts.length > limits.dataVisualizations) report('/blocks', 'too many data_visualization');
}

function checkMetadata(report: Report, metadata: unknown): void {
  if (!isRecord(metadata)) {
    report('/metadata', 'must be an object');
    return;
  }
  if (Object.keys(metadata).length === 0) return;
  if (typeof metadata.event_type !== 'string') {
    report('/metadata/event_type', 'missing required field: event_type');
  }
  if (!isRecord(metadata.event_payload)) {
    report('/metadata/event_payload', 'missing required field: event_payload');
  }
  if (canonicalJson(metadata).length > LIMITS.message.metadata) {
    report('/metadata', 'metadata_too_large');
  }
}

/** Action ids must differ within one block. */
function checkUniqueActionIds(report: Report, pointer: string, elements: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const [index, element] of elements.entries()) {
    const id = isRecord(element) ? element.action_id : undefined;
    if (id === undefined) continue;
    if (seen.has(id)) {
      report(`${pointer}/${index}/action_id`, `action_id already exists: ${String(id)}`);
    }
    seen.add(id);
  }
}

function checkSection(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.section;
  checkKeys(report, pointer, block, ['type', 'block_id', 'text', 'fields', 'accessory', 'expand']);
  if (block.text === undefined && block.fields === undefined) {
    report(pointer, 'must have either text or fields');
  }
  checkOptionalText(report, `${pointer}/text`, block.text, { max: limits.text });
  if (block.fields !== undefined) {
    const fields = checkList(report, `${pointer}/fields`, block.fields, limits.fields);
    for (const [index, field] of fields.entries()) {
      checkText(report, `${pointer}/fields/${index}`, field, { max: limits.field });
    }
  }
  if (block.accessory !== undefined) {
    checkElement(report, `${pointer}/accessory`, block.accessory, 'accessory');
  }
}

function checkHeader(report: Report, pointer: string, block: JsonRecord): void {
  checkKeys(report, pointer, block, ['type', 'block_id', 'text', 'level']);
  checkText(report, `${pointer}/text`, block.text, { max: LIMITS.header.text, kind: PLAIN });
}

function checkDivider(report: Report, pointer: string, block: JsonRecord): void {
  checkKeys(report, pointer, block, ['type', 'block_id']);
}

function checkContext(report: Report, pointer: string, block: JsonRecord): void {
  checkKeys(report, pointer, block, ['type', 'block_id', 'elements']);
  const max = LIMITS.context.elements;
  const elements = checkList(report, `${pointer}/elements`, block.elements, max);
  for (const [index, element] of elements.entries()) {
    const at = `${pointer}/elements/${index}`;
    if (isRecord(element) && element.type === 'image') checkImageElement(report, at, element);
    else checkText(report, at, element, { max: LIMITS.text });
  }
}

function checkActions(report: Report, pointer: string, block: JsonRecord): void {
  checkKeys(report, pointer, block, ['type', 'block_id', 'elements']);
  const max = LIMITS.actions.elements;
  const elements = checkList(report, `${pointer}/elements`, block.elements, max);
  for (const [index, element] of elements.entries()) {
    checkElement(report, `${pointer}/elements/${index}`, element, 'actions');
  }
  checkUniqueActionIds(report, `${pointer}/elements`, elements);
}

function checkContextActions(report: Report, pointer: string, block: JsonRecord): void {
  const max = LIMITS.contextActions.elements;
  const elements = checkList(report, `${pointer}/elements`, block.elements, max);
  for (const [index, element] of elements.entries()) {
    checkElement(report, `${pointer}/elements/${index}`, element, 'contextActions');
  }
  checkUniqueActionIds(report, `${pointer}/elements`, elements);
}

function checkImage(report: Report, pointer: string, block: JsonRecord): void {
  checkImageElement(report, pointer, block);
  const title = { max: LIMITS.image.title, kind: PLAIN };
  checkOptionalText(report, `${pointer}/title`, block.title, title);
}

function checkInput(report: Report, pointer: string, block: JsonRecord): void {
  const allowed = 'type block_id label element hint optional dispatch_action'.split(' ');
  checkKeys(report, pointer, block, allowed);
  const limits = LIMITS.input;
  checkText(report, `${pointer}/label`, block.label, { max: limits.label, kind: PLAIN });
  checkOptionalText(report, `${pointer}/hint`, block.hint, { max: limits.hint, kind: PLAIN });
  checkElement(report, `${pointer}/element`, block.element, 'input');
}

function checkVideo(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.video;
  checkText(report, `${pointer}/title`, block.title, { max: limits.title, kind: PLAIN });
  checkString(report, `${pointer}/author_name`, block.author_name, limits.author);
}

function checkMarkdown(report: Report, pointer: string, block: JsonRecord): void {
  checkString(report, `${pointer}/text`, block.text, LIMITS.message.markdown, 1);
}

function checkTable(report: Report, pointer: string, block: JsonRecord): void {
  const { rows, cells } = LIMITS.table;
  for (const [index, row] of checkList(report, `${pointer}/rows`, block.rows, rows).entries()) {
    checkList(report, `${pointer}/rows/${index}`, row, cells);
  }
}

function checkDataTable(report: Report, pointer: string, block: JsonRecord): void {
  checkTable(report, pointer, block);
  const { pageSizeMin, pageSizeMax } = LIMITS.dataTable;
  const size = block.page_size;
  if (size === undefined) return;
  if (typeof size !== 'number' || size < pageSizeMin || size > pageSizeMax) {
    report(`${pointer}/page_size`, `must be between ${pageSizeMin} and ${pageSizeMax}`);
  }
}

function checkCard(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.card;
  checkOptionalText(report, `${pointer}/title`, block.title, { max: limits.title });
  checkOptionalText(report, `${pointer}/subtitle`, block.subtitle, { max: limits.subtitle });
  checkOptionalText(report, `${pointer}/body`, block.body, { max: limits.body });
  for (const [index, button] of listOf(block.actions).entries()) {
    checkElement(report, `${pointer}/actions/${index}`, button, 'actions');
  }
}

function checkCarousel(report: Report, pointer: string, block: JsonRecord): void {
  const max = LIMITS.carousel.cards;
  const cards = checkList(report, `${pointer}/elements`, block.elements, max);
  for (const [index, card] of cards.entries()) {
    if (isRecord(card)) checkCard(report, `${pointer}/elements/${index}`, card);
  }
}

function checkContainer(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.container;
  checkOptionalText(report, `${pointer}/title`, block.title, { max: limits.title });
  checkList(report, `${pointer}/child_blocks`, block.child_blocks, limits.children);
}

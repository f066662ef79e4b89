import { canonicalJson, isRecord, type JsonRecord } from '../doubles/json.ts';
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
import { BLOCK_KIT_LIMITS, CHARACTERS_PER_BLOCK } from './block-kit-limits.ts';
import { checkElement, checkImageElement } from './validate-elements.ts';
import {
  checkCard,
  checkCarousel,
  checkDataTable,
  checkDataVisualization,
  checkMarkdown,
  checkTable,
} from './validate-newer-blocks.ts';
import { checkRichText } from './validate-rich-text.ts';

export type { BlockError } from './block-checks.ts';

export type Surface = 'message' | 'modal' | 'home';

/** Where a block stands: on a surface, or in a container. */
type Place = Surface | 'container';

type BlockCheck = (report: Report, pointer: string, block: JsonRecord) => void;

const LIMITS = BLOCK_KIT_LIMITS;
const PLAIN = 'plain_text' as const;
const EVERYWHERE: readonly Place[] = ['message', 'modal', 'home', 'container'];
const MESSAGES: readonly Place[] = ['message'];

/** A type that is not here (alert, plan, task_card, file) is refused: Slack's word on where it may stand is missing. */
const BLOCKS: Readonly<Record<string, { places: readonly Place[]; check: BlockCheck }>> = {
  section: { places: EVERYWHERE, check: checkSection },
  header: { places: EVERYWHERE, check: checkHeader },
  divider: { places: EVERYWHERE, check: checkDivider },
  context: { places: EVERYWHERE, check: checkContext },
  actions: { places: EVERYWHERE, check: checkActions },
  image: { places: EVERYWHERE, check: checkImage },
  input: { places: EVERYWHERE, check: checkInput },
  rich_text: { places: EVERYWHERE, check: checkRichText },
  video: { places: EVERYWHERE, check: checkVideo },
  context_actions: { places: MESSAGES, check: checkContextActions },
  markdown: { places: MESSAGES, check: checkMarkdown },
  table: { places: ['message', 'container'], check: checkTable },
  data_table: { places: MESSAGES, check: checkDataTable },
  data_visualization: { places: MESSAGES, check: checkDataVisualization },
  card: { places: MESSAGES, check: checkCard },
  carousel: { places: MESSAGES, check: checkCarousel },
  container: { places: MESSAGES, check: checkContainer },
};

export interface MessageInput {
  /** The plain-text fallback that notifications and screen readers use: required here. */
  text?: unknown;
  blocks?: unknown;
  metadata?: unknown;
  attachments?: unknown;
  markdown_text?: unknown;
}

const NOT_CHECKED = 'stands outside of text and blocks, where nothing here checks it';

/**
 * Every broken limit of a message; empty when Slack would take it. Stricter than Slack in two points:
 * blocks need `text`, and nothing else may carry content.
 */
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
  for (const key of ['attachments', 'markdown_text'] as const) {
    const beside = message[key];
    if (beside !== undefined && canonicalJson(beside) !== '[]') report(`/${key}`, NOT_CHECKED);
  }
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

function checkBlock(report: Report, pointer: string, block: unknown, place: Place): void {
  const type = isRecord(block) ? String(block.type) : '';
  const known = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  if (!isRecord(block) || known === undefined || !known.places.includes(place)) {
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
  const size = countTextCharacters(blocks) + blocks.length * CHARACTERS_PER_BLOCK;
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
  if (Buffer.byteLength(canonicalJson(metadata)) > LIMITS.message.metadataBytes) {
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

function checkContainer(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.container;
  if (block.title === undefined && block.rich_text_title === undefined) {
    report(pointer, 'must have either title or rich_text_title');
  }
  checkOptionalText(report, `${pointer}/title`, block.title, { max: limits.title, kind: PLAIN });
  checkOptionalText(report, `${pointer}/subtitle`, block.subtitle, { max: limits.subtitle });
  const at = `${pointer}/child_blocks`;
  for (const [index, child] of checkList(
    report,
    at,
    block.child_blocks,
    limits.children,
  ).entries()) {
    checkBlock(report, `${at}/${index}`, child, 'container');
  }
}

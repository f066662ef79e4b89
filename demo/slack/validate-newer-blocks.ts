import { isRecord, type JsonRecord, listOf } from '../doubles/json.ts';
import {
  checkList,
  checkOptionalText,
  checkRange,
  checkString,
  type Report,
} from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import { checkElement } from './validate-elements.ts';
import { checkRichText } from './validate-rich-text.ts';

const LIMITS = BLOCK_KIT_LIMITS;
const CHARTS: Readonly<Record<string, 'segments' | 'series'>> = {
  pie: 'segments',
  bar: 'series',
  line: 'series',
  area: 'series',
};

export function checkMarkdown(report: Report, pointer: string, block: JsonRecord): void {
  checkString(report, `${pointer}/text`, block.text, LIMITS.message.markdown, 1);
}

export function checkTable(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.table;
  checkRows(report, pointer, block, limits.rows, limits.cells);
  if (block.column_settings === undefined) return;
  const at = `${pointer}/column_settings`;
  checkList(report, at, block.column_settings, limits.columnSettings);
}

export function checkDataTable(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.dataTable;
  checkRows(report, pointer, block, limits.rows, limits.cells, limits.rowsMin);
  if (typeof block.caption !== 'string') {
    report(`${pointer}/caption`, 'missing required field: caption');
  }
  const at = `${pointer}/page_size`;
  checkRange(report, at, block.page_size, limits.pageSizeMin, limits.pageSize);
}

function checkRows(
  report: Report,
  pointer: string,
  block: JsonRecord,
  maxRows: number,
  maxCells: number,
  minRows = 1,
): void {
  const rows = checkList(report, `${pointer}/rows`, block.rows, maxRows, minRows);
  for (const [index, row] of rows.entries()) {
    const at = `${pointer}/rows/${index}`;
    for (const [column, cell] of checkList(report, at, row, maxCells).entries()) {
      checkCell(report, `${at}/${column}`, cell);
    }
  }
}

function checkCell(report: Report, pointer: string, cell: unknown): void {
  const type = isRecord(cell) ? String(cell.type) : '';
  if (!isRecord(cell) || !['raw_text', 'raw_number', 'rich_text'].includes(type)) {
    report(`${pointer}/type`, `unsupported type: ${type}`);
  } else if (type === 'rich_text') {
    checkRichText(report, pointer, cell);
  } else {
    if (cell.text === undefined) report(`${pointer}/text`, 'missing required field: text');
    checkString(report, `${pointer}/text`, cell.text, LIMITS.message.text, 1);
  }
}

export function checkDataVisualization(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.dataVisualization;
  if (block.title === undefined) report(`${pointer}/title`, 'missing required field: title');
  checkString(report, `${pointer}/title`, block.title, limits.title, 1);
  const type = isRecord(block.chart) ? String(block.chart.type) : '';
  const parts = Object.hasOwn(CHARTS, type) ? CHARTS[type] : undefined;
  if (!isRecord(block.chart) || parts === undefined) {
    report(`${pointer}/chart/type`, `unsupported type: ${type}`);
    return;
  }
  checkList(report, `${pointer}/chart/${parts}`, block.chart[parts], limits[parts]);
}

export function checkCard(report: Report, pointer: string, block: JsonRecord): void {
  const limits = LIMITS.card;
  checkOptionalText(report, `${pointer}/title`, block.title, { max: limits.title });
  checkOptionalText(report, `${pointer}/subtitle`, block.subtitle, { max: limits.subtitle });
  checkOptionalText(report, `${pointer}/body`, block.body, { max: limits.body });
  if (['hero_image', 'title', 'actions', 'body'].every((key) => block[key] === undefined)) {
    report(pointer, 'must have hero_image, title, actions or body');
  }
  for (const [index, button] of listOf(block.actions).entries()) {
    checkElement(report, `${pointer}/actions/${index}`, button, 'card');
  }
}

export function checkCarousel(report: Report, pointer: string, block: JsonRecord): void {
  const max = LIMITS.carousel.cards;
  const cards = checkList(report, `${pointer}/elements`, block.elements, max);
  for (const [index, card] of cards.entries()) {
    const at = `${pointer}/elements/${index}`;
    if (isRecord(card) && card.type === 'card') checkCard(report, at, card);
    else report(`${at}/type`, 'must be a card');
  }
}

/** One bar or point. Values and bounds are shares from 0 to 1. */
export interface Mark {
  label: string;
  value: number;
  low: number | null;
  high: number | null;
  /** Read aloud and shown on hover. */
  note: string;
  /** Place from left to right, 0 to 1; only for points. */
  at?: number;
}

const WIDTH = 800;
const HEIGHT = 260;
const LEFT = 48;
const BOTTOM = 28;
const TOP = 12;
const PLOT = HEIGHT - BOTTOM - TOP;

export function barChart(title: string, marks: readonly Mark[]): string {
  const most = scaleOf(marks);
  const slot = (WIDTH - LEFT) / Math.max(1, marks.length);
  const y = (value: number) => round(TOP + PLOT * (1 - value / most));
  const bars = marks.map((mark, index) => {
    const x = round(LEFT + slot * index + slot * 0.15);
    const width = round(slot * 0.7);
    const middle = round(x + width / 2);
    const whisker =
      mark.low === null || mark.high === null
        ? ''
        : `<path class="whisker" d="M${middle} ${y(mark.low)}V${y(mark.high)}"/>`;
    return `<g><title>${escapeHtml(mark.note)}</title><rect class="bar" x="${x}" y="${y(mark.value)}" width="${width}" height="${round(TOP + PLOT - y(mark.value))}"/>${whisker}${label(middle, mark.label, marks.length)}</g>`;
  });
  return chart(title, most, bars.join('\n'));
}

/** A curve through points; the straight line is what chance would give. */
export function pointChart(title: string, marks: readonly Mark[]): string {
  const x = (at: number) => round(LEFT + (WIDTH - LEFT - 24) * at);
  const y = (value: number) => round(TOP + PLOT * (1 - value));
  const path = marks.map(({ at = 0, value }, index) => `${index ? 'L' : 'M'}${x(at)} ${y(value)}`);
  const dots = marks
    .filter(({ note }) => note !== '')
    .map(
      ({ at = 0, value, note }) =>
        `<circle class="bar" cx="${x(at)}" cy="${y(value)}" r="4"><title>${escapeHtml(note)}</title></circle>`,
    );
  const ticks = [0.1, 0.2, 0.5, 1].map((at) => label(x(at), `${at * 100} %`, 1));
  const chance = `<path class="axis" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>`;
  return chart(
    title,
    1,
    `${chance}<path class="curve" d="${path.join('')}"/>${dots.join('')}${ticks.join('')}`,
  );
}

function chart(title: string, most: number, content: string): string {
  const lines = [0, 0.25, 0.5, 0.75, 1].map((step) => {
    const at = round(TOP + PLOT * (1 - step));
    const value = `${round(step * most * 100)} %`;
    return `<path class="axis" d="M${LEFT} ${at}H${WIDTH}"/><text x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${value}</text>`;
  });
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${lines.join('')}${content}</svg></figure>`;
}

function label(x: number, text: string, among: number): string {
  const size = among > 14 ? ' style="font-size:10px"' : '';
  return `<text x="${x}" y="${HEIGHT - 8}" text-anchor="middle"${size}>${escapeHtml(text)}</text>`;
}

/** The top of the scale: the next whole tenth above everything shown. */
function scaleOf(marks: readonly Mark[]): number {
  const most = Math.max(0.1, ...marks.map(({ value, high }) => Math.max(value, high ?? 0)));
  return Math.min(1, Math.ceil(most * 10) / 10);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}

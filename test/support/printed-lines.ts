/** Reads back what each presenter printed: points of every line, and the total that it claims. */
export interface PrintedLines {
  points: number[];
  total: number;
}

export function readTerminal(text: string): PrintedLines {
  const [lines = ''] = text.split('Missing, and what it could change:');
  const points = [...lines.matchAll(/^ {2} *([+-]\d+|0) {2}(?!total$)\S.*$/gm)];
  const total = /^ {2} *(\d+) {2}total$/m.exec(lines);
  return {
    points: points.map((match) => Number(match[1])),
    total: Number(total?.[1] ?? Number.NaN),
  };
}

export function readCrmText(text: string): PrintedLines {
  const points = [...text.matchAll(/^(?:([+-]\d+|0) .*|and \d+ more lines?: ([+-]\d+|0))$/gm)];
  const total = /^Total (\d+)$/m.exec(text);
  return {
    points: points.map((match) => Number(match[1] ?? match[2])),
    total: Number(total?.[1] ?? Number.NaN),
  };
}

export function readJson(text: string): PrintedLines {
  const parsed = JSON.parse(text) as { points: number; lines: { points: number }[] };
  return { points: parsed.lines.map((line) => line.points), total: parsed.points };
}

export type ParsedAmount =
  | { ok: true; value: number; isLowerBound: boolean }
  | { ok: false; detail: string };

const SCALES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  t: 1e3,
  thousand: 1e3,
  tsd: 1e3,
  m: 1e6,
  mn: 1e6,
  mm: 1e6,
  mio: 1e6,
  mil: 1e6,
  million: 1e6,
  millions: 1e6,
  b: 1e9,
  bn: 1e9,
  mrd: 1e9,
  billion: 1e9,
};
const ONE = /^([0-9][0-9.,' ]*)([a-z]*)$/;

/**
 * A count or a sum of money as people write it: "1,200", "1.200" (German), "10k", "$1.5M", "10,000+".
 * A range ("200-500") gives its lower end: it promises that much and no more. "<50" promises nothing
 * but one, so it gives 1.
 */
export function parseAmount(raw: string): ParsedAmount {
  if (raw.length > 60) return { ok: false, detail: 'is not a number' };
  const text = raw
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(usd|eur|gbp|chf|[$€£¥])/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (/^[-−]/.test(text)) return { ok: false, detail: 'is negative' };
  if (/^(<|under |less than |fewer than |up to |unter |bis )/.test(text)) {
    return { ok: true, value: 1, isLowerBound: true };
  }
  const bare = text.replace(/^(>=?|over |more than |about |approx\.? |ca\.? |~)\s*/, '');
  const parts = bare.replace(/\+$/, '').split(/\s*(?:-|–|—|−| to | bis )\s*/);
  if (parts.length > 2) return { ok: false, detail: 'is not a number' };
  return fromParts(parts, bare !== text || bare.endsWith('+'));
}

function fromParts(parts: readonly string[], isOpen: boolean): ParsedAmount {
  const ends = parts.map(parseOne);
  const [low, high] = ends;
  if (low === undefined || low === null || high === null) {
    return { ok: false, detail: 'is not a number' };
  }
  if (high === undefined) return { ok: true, value: low.value, isLowerBound: isOpen };
  // "1-5m" means one to five million.
  const value =
    low.scale === 1 && low.value < high.value / high.scale ? low.value * high.scale : low.value;
  if (value > high.value) return { ok: false, detail: 'is a range that runs backwards' };
  return { ok: true, value, isLowerBound: true };
}

function parseOne(text: string): { value: number; scale: number } | null {
  const match = ONE.exec(text.trim());
  if (match === null) return null;
  const [, digits = '', unit = ''] = match;
  const scale = Object.hasOwn(SCALES, unit) ? SCALES[unit] : undefined;
  const number = parseDigits(digits.trim());
  return scale === undefined || number === null ? null : { value: number * scale, scale };
}

/** Separators of thousands come in groups of three; the last other one is a decimal mark. */
function parseDigits(text: string): number | null {
  if (/^[0-9]{1,3}([.,' ])[0-9]{3}(\1[0-9]{3})*$/.test(text))
    return Number(text.replace(/[.,' ]/g, ''));
  if (/^[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}$/.test(text)) return Number(text.replaceAll(',', ''));
  if (/^[0-9]{1,3}([. '][0-9]{3})+,[0-9]{1,2}$/.test(text)) {
    return Number(text.replace(/[. ']/g, '').replace(',', '.'));
  }
  if (/^[0-9]{1,15}([.,][0-9]{1,2})?$/.test(text)) return Number(text.replace(',', '.'));
  return null;
}

import { CUSTOM_ROOT, type FeatureValue, type FieldCatalog } from '../scoring/features.ts';
import { cleanText, isPlaceholder } from './clean-text.ts';
import type { CustomValues } from './lead.ts';
import { squashName } from './squash-name.ts';

const MOST_VALUES = 100;
const LONGEST_TEXT = 200;

/** Cleans what a source sent beside the standard fields; what says nothing is left out. */
export function cleanCustom(incoming: CustomValues = {}): CustomValues {
  const kept = Object.entries(incoming).slice(0, MOST_VALUES);
  return Object.fromEntries(
    kept.flatMap(([name, raw]) => {
      const value = typeof raw === 'string' ? readable(raw) : raw;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

function readable(raw: string): string | null {
  const { text } = cleanText(raw, { maxLength: LONGEST_TEXT });
  return text === null || isPlaceholder(text) ? null : text;
}

/** The declared fields with what is known of them, typed; null for missing and for what does not fit. */
export function customFeatures(
  values: CustomValues,
  fields: FieldCatalog,
): [string, FeatureValue | null][] {
  return Object.entries(fields).flatMap(([name, { type, values: known }]) => {
    if (!name.startsWith(`${CUSTOM_ROOT}.`)) return [];
    const key = squashName(name.slice(CUSTOM_ROOT.length + 1));
    const raw = Object.hasOwn(values, key) ? values[key] : undefined;
    const value = raw === undefined ? null : typedValue(String(raw), type, known);
    return [[name, value] satisfies [string, FeatureValue | null]];
  });
}

const YES = new Set(['true', 'yes', 'y', '1', 'on']);
const NO = new Set(['false', 'no', 'n', '0', 'off']);

function typedValue(
  text: string,
  type: string,
  known: readonly string[] | undefined,
): FeatureValue | null {
  switch (type) {
    case 'bool':
      if (YES.has(text.toLowerCase())) return true;
      return NO.has(text.toLowerCase()) ? false : null;
    case 'int': {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
      return Number.isSafeInteger(value) ? value : null;
    }
    case 'double': {
      const value = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(value) ? value : null;
    }
    default: {
      if (known === undefined) return text;
      const folded = text.toLowerCase();
      return known.find((value) => value.toLowerCase() === folded) ?? null;
    }
  }
}

import { type ParsedAmount, parseAmount } from './parse-amount.ts';

/** More people than the largest employer on earth has: a typing error or a test. */
const MOST_EMPLOYEES = 10_000_000;
const MOST_REVENUE = 10_000_000_000_000;
const PEOPLE =
  /\s*\b(employees|employee|people|staff|headcount|ftes?|mitarbeiter(innen)?|mitarbeitende|empleados|employes|collaborateurs|medewerkers)\b\.?$/u;

/** Whole people; a range gives its lower end (see parseAmount). Zero means "not filled in" in most CRMs. */
export function parseEmployees(raw: string | number): ParsedAmount {
  const text = asText(raw)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .trim();
  const parsed = parseAmount(text.length > 60 ? text : text.toLowerCase().replace(PEOPLE, ''));
  if (!parsed.ok) return parsed;
  if (!Number.isInteger(parsed.value)) return { ok: false, detail: 'is not a whole number' };
  return within(parsed, MOST_EMPLOYEES);
}

/** Money a year, in the source's own currency. */
export function parseAnnualRevenue(raw: string | number): ParsedAmount {
  const parsed = parseAmount(asText(raw));
  return parsed.ok ? within(parsed, MOST_REVENUE) : parsed;
}

// A number's own text may be "1e+21": plain digits or nothing.
function asText(raw: string | number): string {
  if (typeof raw === 'string') return raw;
  return Number.isFinite(raw) && Math.abs(raw) < 1e15 ? String(Math.round(raw * 100) / 100) : 'x';
}

function within(parsed: ParsedAmount & { ok: true }, most: number): ParsedAmount {
  if (parsed.value === 0) return { ok: false, detail: 'is zero' };
  return parsed.value > most ? { ok: false, detail: 'is too large to be true' } : parsed;
}

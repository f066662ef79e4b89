import type { Axis, Reason } from '../../src/scoring/assessment.ts';

/* Lines of the hand-written scorer, and the small things that they need. */

export type Known = boolean | undefined;
export type Fields = Reason['fields'];

export const DAY_MS = 86_400_000;

export const DEMOS = 'signals.count("demo_requested", 30d)';
export const VIEWS = 'signals.count("pricing_viewed", 30d)';
export const TRIALS = 'signals.count("trial_started", 30d)';
export const LAST_VIEW = 'signals.last("pricing_viewed")';
export const LAST_TRIAL = 'signals.last("trial_started")';

export function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function listed(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function or(left: Known, right: Known): Known {
  return left === true || right === true
    ? true
    : left === false && right === false
      ? false
      : undefined;
}

export function and(left: Known, right: Known): Known {
  return left === false || right === false
    ? false
    : left === true && right === true
      ? true
      : undefined;
}

export type Seen = string | number | boolean | string[] | undefined;

export function one(name: string, value: Seen): Fields {
  return [{ name, value: value ?? null }];
}

export function two(name: string, value: Seen, otherName: string, other: Seen): Fields {
  return [
    { name, value: value ?? null },
    { name: otherName, value: other ?? null },
  ];
}

export function line(
  kind: Reason['kind'],
  ruleId: string,
  axis: Axis | null,
  points: number,
  fields: Fields,
  why: string,
): Reason {
  return { kind, ruleId, axis, points, fields, text: why };
}

export function fired(
  ruleId: string,
  axis: Axis,
  points: number,
  fields: Fields,
  why: string,
): Reason {
  return { kind: 'rule', ruleId, axis, points, fields, text: why };
}

export function unknownOne(
  into: Reason[],
  ruleId: string,
  axis: Axis | null,
  name: string,
  why: string,
): void {
  into.push({
    kind: 'unknown',
    ruleId,
    axis,
    points: 0,
    fields: [{ name, value: null }],
    text: why,
  });
}

/** Adds the line of what time took away; returns its points. */
export function decayLine(
  into: Reason[],
  ruleId: string,
  points: number,
  ageMs: number,
  halfLifeDays: number,
  name: string,
  last: string,
): number {
  const left = Math.round(points * 2 ** -(ageMs / (halfLifeDays * DAY_MS)));
  if (left === points) return 0;
  const days = Math.floor(ageMs / DAY_MS);
  const hours = Math.floor(ageMs / 3_600_000);
  const age = days >= 2 ? `${grouped(days)} days` : hours === 1 ? '1 hour' : `${hours} hours`;
  const why = `${age} old, half-life ${halfLifeDays} days: ${left} of ${points} left`;
  const fields = one(name, last);
  into.push({ kind: 'decay', ruleId, axis: 'intent', points: left - points, fields, text: why });
  return left - points;
}

export function grouped(value: number): string {
  if (value < 1000) return String(value);
  const rest = value % 1000;
  const padded = rest < 10 ? `00${rest}` : rest < 100 ? `0${rest}` : String(rest);
  return `${grouped((value - rest) / 1000)},${padded}`;
}

/** What people call the codes that the sentences fill in. */
export function words(code: string): string {
  if (code === 'c_level') return 'C-level';
  if (code === 'vp') return 'VP';
  return code === 'revops' ? 'revenue operations' : code;
}

/** Text of a lead, on one line. */
export function clean(value: string): string {
  return /[^ -~]/.test(value) ? value.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim() : value;
}

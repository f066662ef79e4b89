import type { Atom } from './code.ts';
import type { Slot, Value } from './slots.ts';

/**
 * Values that stand for every value of a slot that some condition tells apart: one of each cell.
 * Null when no finite list is enough.
 */
export function cellsOf(slot: Slot, atoms: readonly Atom[], readWhole: boolean): Value[] | null {
  if (slot.kind === 'member') return [true, false];
  if (slot.kind === 'count') return distinct(integers(atoms, 0), atoms);
  if (slot.kind !== 'field') return null;
  const { type, values } = slot.field;
  if (type === 'bool') return [true, false];
  if (type === 'int') return distinct(integers(atoms, Number.MIN_SAFE_INTEGER), atoms);
  if (type === 'double') return distinct(doubles(atoms), atoms);
  if (type === 'list<string>') return null;
  if (values !== undefined) return readWhole ? [...values] : distinct([...values], atoms);
  return distinct(openTexts(atoms), atoms);
}

/** Whether reading a slot whole, not by an atom, still leaves a finite list of values. */
export function hasFiniteValues(slot: Slot): boolean {
  if (slot.kind === 'member') return true;
  if (slot.kind !== 'field') return false;
  const { type, values } = slot.field;
  return type === 'bool' || (type === 'string' && values !== undefined);
}

/** Numbers below, at, between and above everything that a numeric slot is compared with, ascending. */
export function numericSamples(slot: Slot, atoms: readonly Atom[]): number[] | null {
  if (slot.kind === 'count') return integers(atoms, 0);
  if (slot.kind !== 'field') return null;
  const { type } = slot.field;
  if (type === 'int') return integers(atoms, Number.MIN_SAFE_INTEGER);
  return type === 'double' ? doubles(atoms) : null;
}

function distinct(candidates: readonly Value[], atoms: readonly Atom[]): Value[] {
  const byAnswers = new Map<string, Value>();
  for (const candidate of candidates) {
    const answers = atoms.map((atom) => (atom.test(candidate) ? '1' : '0')).join('');
    if (!byAnswers.has(answers)) byAnswers.set(answers, candidate);
  }
  return [...byAnswers.values()];
}

function numbersOf(atoms: readonly Atom[]): number[] {
  const all = atoms.flatMap((atom) => atom.constants.filter((value) => typeof value === 'number'));
  return [...new Set(all)].filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
}

function integers(atoms: readonly Atom[], least: number): number[] {
  const found = new Set<number>();
  for (const value of numbersOf(atoms)) {
    const around = [
      Math.floor(value) - 1,
      Math.floor(value),
      Math.ceil(value),
      Math.ceil(value) + 1,
    ];
    for (const candidate of around) {
      if (Number.isSafeInteger(candidate) && candidate >= least) found.add(candidate);
    }
  }
  return found.size === 0 ? [Math.max(0, least)] : [...found].sort((a, b) => a - b);
}

function doubles(atoms: readonly Atom[]): number[] {
  const constants = numbersOf(atoms);
  const first = constants[0];
  const last = constants.at(-1);
  if (first === undefined || last === undefined) return [0];
  const found = [outside(first, -1)];
  constants.forEach((value, index) => {
    found.push(value);
    const next = constants[index + 1];
    if (next === undefined) return;
    const between = value + (next - value) / 2;
    if (between > value && between < next) found.push(between);
  });
  found.push(outside(last, 1));
  return found.filter((value) => Number.isFinite(value));
}

function outside(value: number, direction: 1 | -1): number {
  return value + direction * Math.max(1, Math.abs(value));
}

function openTexts(atoms: readonly Atom[]): string[] {
  const known = new Set<string>();
  for (const atom of atoms) {
    for (const value of atom.constants) if (typeof value === 'string') known.add(value);
  }
  let other = 'other';
  while (known.has(other)) other += '-';
  return [...known, other];
}

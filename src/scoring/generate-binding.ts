import { isTextList } from './bind-snapshot.ts';
import { type GeneratedCode, names } from './generated-code.ts';
import { NEVER, type Slot } from './slots.ts';

/** Statements that read one lead: fields (f0, f1, ...), slots (v0, v1, ...) and all slots as a list (v). */
export function writeBinding(code: GeneratedCode, slots: readonly Slot[]): string[] {
  const fields = fieldNumbers(slots);
  const reading = [...fields].flatMap(([name, number]) => {
    const slot = slots.find((one) => 'field' in one && one.name === name);
    if (slot === undefined || !('field' in slot)) return [];
    const raw = `const r${number} = f[${code.constant(name)}];`;
    const test = typeTest(code, slot.field.type, `r${number}`);
    return [raw, `const f${number} = ${test} ? r${number} : undefined;`];
  });
  const values = slots.flatMap((slot, index) => {
    const value = slotValue(code, slot, `f${'field' in slot ? fields.get(slot.name) : 0}`);
    return value === null ? [] : [`const v${index} = ${value};`];
  });
  return [
    `const f = ${code.constant(ownFields)}(snapshot);`,
    ...reading,
    ...writeSignals(code, slots),
    ...values,
    `const v = [${names('v', slots)}];`,
  ];
}

/** Each field that some slot reads, with its number. */
export function fieldNumbers(slots: readonly Slot[]): Map<string, number> {
  const all = slots.flatMap((slot) => ('field' in slot ? [slot.name] : []));
  return new Map([...new Set(all)].map((name, index) => [name, index]));
}

function typeTest(code: GeneratedCode, type: string, raw: string): string {
  if (type === 'string') return `typeof ${raw} === 'string'`;
  if (type === 'bool') return `typeof ${raw} === 'boolean'`;
  if (type === 'int') return `Number.isSafeInteger(${raw})`;
  return type === 'double' ? `Number.isFinite(${raw})` : `${code.constant(isTextList)}(${raw})`;
}

/** Null for signals, which are read together. */
function slotValue(code: GeneratedCode, slot: Slot, field: string): string | null {
  switch (slot.kind) {
    case 'field':
      return field;
    case 'presence':
      return `${field} !== undefined`;
    case 'member':
      return `${field} === undefined ? undefined : ${field}.includes(${code.constant(slot.member)})`;
    case 'count':
    case 'last':
      return null;
    case 'derived':
    case 'local':
      return 'undefined';
  }
}

/** One pass over the signals of a lead for all slots: as `signalReader` gives them. */
function writeSignals(code: GeneratedCode, slots: readonly Slot[]): string[] {
  const byKind = new Map<string, number[]>();
  slots.forEach((slot, index) => {
    if (slot.kind !== 'count' && slot.kind !== 'last') return;
    byKind.set(slot.signal, [...(byKind.get(slot.signal) ?? []), index]);
  });
  if (byKind.size === 0) return [];
  const asList = code.constant(listOf);
  const start = [...byKind].flatMap(([kind, indices], number) => [
    `const h${number} = declared.includes(${code.constant(kind)});`,
    ...indices.map((index) => {
      const none = slots[index]?.kind === 'count' ? '0' : code.constant(NEVER);
      return `let v${index} = h${number} ? ${none} : undefined;`;
    }),
  ]);
  const branches = [...byKind].map(([kind, indices], number) => {
    const added = indices.map((index) => addSignal(code, slots[index], `v${index}`)).join(' ');
    return `if (kind === ${code.constant(kind)}) { if (h${number}) { const at = ${code.constant(timeOf)}(e[i]); if (at <= now) { ${added} } } }`;
  });
  return [
    `const declared = ${asList}(snapshot, 'declaredSignals'), e = ${asList}(snapshot, 'signals');`,
    ...start,
    'for (let i = 0; i < e.length; i++) {',
    'const kind = e[i]?.kind;',
    branches.join('\nelse '),
    '}',
  ];
}

function addSignal(code: GeneratedCode, slot: Slot | undefined, name: string): string {
  if (slot?.kind !== 'count') return `if (at > ${name}) ${name} = at;`;
  if (slot.windowMs === null) return `${name}++;`;
  return `if (at >= now - ${code.constant(slot.windowMs)}) ${name}++;`;
}

const NOTHING: readonly unknown[] = Object.freeze([]);

function listOf(
  snapshot: Record<string, unknown> | null | undefined,
  name: 'signals' | 'declaredSignals',
): readonly unknown[] {
  const list = snapshot?.[name];
  return Array.isArray(list) ? list : NOTHING;
}

function timeOf({ occurredAt }: { occurredAt: unknown }): number {
  return typeof occurredAt === 'string' ? Date.parse(occurredAt) : Number.NaN;
}

const NO_FIELDS: Readonly<Record<string, unknown>> = Object.freeze({});

/** The fields of a snapshot, such that reading a name never reads what is inherited. */
function ownFields(snapshot: { fields?: unknown } | null | undefined): Record<string, unknown> {
  const fields = snapshot?.fields;
  if (typeof fields !== 'object' || fields === null) return NO_FIELDS;
  const parent: unknown = Object.getPrototypeOf(fields);
  const isPlain = parent === Object.prototype || parent === null;
  return isPlain
    ? (fields as Record<string, unknown>)
    : Object.assign(Object.create(null) as Record<string, unknown>, fields);
}

import { isTextList } from './bind-snapshot.ts';
import { type GeneratedCode, names } from './generated-code.ts';
import { plainTime, readTime } from './read-time.ts';
import { NEVER, type Slot } from './slots.ts';

/** Statements that read one lead: fields (f0, f1, ...), slots (v0, v1, ...). */
export function writeBinding(code: GeneratedCode, slots: readonly Slot[]): string[] {
  const fields = fieldNumbers(slots);
  const reading = [...fields].flatMap(([name, number]) => {
    const slot = slots.find((one) => 'field' in one && one.name === name);
    if (slot === undefined || !('field' in slot)) return [];
    const raw = `const r${number} = f[${code.constant(name)}];`;
    const test = typeTest(code, slot.field.type, `r${number}`);
    const read = [raw, `const f${number} = ${test} ? r${number} : undefined;`];
    if (slot.field.type !== 'list<string>') return read;
    return [...read, `const f${number}c = f${number} === undefined ? null : f${number}.slice();`];
  });
  const signals: readonly Slot[] = signalSlots(slots);
  const last = signals.filter(({ kind }) => kind === 'last');
  const values = slots.flatMap((slot, index) => {
    const source = 'field' in slot ? `f${fields.get(slot.name)}` : `g[${signals.indexOf(slot)}]`;
    const value = `const v${index} = ${slotValue(code, slot, source)};`;
    if (slot.kind !== 'last') return [value];
    // The text of the time itself where it is written as we write times: not written again.
    return [value, `const v${index}t = g[${signals.length + last.indexOf(slot)}];`];
  });
  return [
    `const f = ${code.constant(ownFields)}(snapshot);`,
    ...reading,
    ...(signals.length === 0 ? [] : ['const g = readSignals(snapshot, now);']),
    ...values,
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

function slotValue(code: GeneratedCode, slot: Slot, source: string): string {
  switch (slot.kind) {
    case 'field':
    case 'count':
    case 'last':
      return source;
    case 'presence':
      return `${source} !== undefined`;
    case 'member':
      return `${source} === undefined ? undefined : ${source}.includes(${code.constant(slot.member)})`;
    case 'derived':
    case 'local':
      return 'undefined';
  }
}

/**
 * A function that reads the values of all signal slots in one pass, as `signalReader` gives them. Apart from
 * the rest, since a loop in a long function keeps it from being optimised as a whole.
 */
export function writeSignals(code: GeneratedCode, slots: readonly Slot[]): string[] {
  const signals = signalSlots(slots);
  if (signals.length === 0) return [];
  const kinds = [...new Set(signals.map(({ signal }) => signal))];
  const asList = code.constant(listOf);
  const start = signals.map(({ kind, signal }, index) => {
    const none = kind === 'count' ? '0' : code.constant(NEVER);
    const text = kind === 'last' ? `, v${index}t` : '';
    return `let v${index} = h${kinds.indexOf(signal)} ? ${none} : undefined${text};`;
  });
  const texts = signals.flatMap(({ kind }, index) => (kind === 'last' ? [`v${index}t`] : []));
  const branches = kinds.map((kind, number) => {
    const added = signals.flatMap((slot, index) =>
      slot.signal === kind ? [addSignal(code, slot, `v${index}`)] : [],
    );
    const reading = [
      'let text = e[i].occurredAt;',
      `let at = ${code.constant(plainTime)}(text);`,
      // Another way of writing it: the text is not what will be shown.
      `if (at === -1) { at = ${code.constant(readTime)}(text); text = undefined; }`,
    ];
    const counted = `${reading.join(' ')} if (at <= now) { ${added.join(' ')} }`;
    return `if (kind === ${code.constant(kind)}) { if (h${number}) { ${counted} } }`;
  });
  return [
    'function readSignals(snapshot, now) {',
    `const declared = ${asList}(snapshot, 'declaredSignals'), e = ${asList}(snapshot, 'signals');`,
    ...kinds.map((kind, number) => `const h${number} = declared.includes(${code.constant(kind)});`),
    ...start,
    'for (let i = 0; i < e.length; i++) {',
    'const kind = e[i]?.kind;',
    branches.join('\nelse '),
    '}',
    `return [${names('v', signals)}${texts.map((name) => `, ${name}`).join('')}];`,
    '}',
  ];
}

function signalSlots(slots: readonly Slot[]) {
  return slots.filter((slot) => slot.kind === 'count' || slot.kind === 'last');
}

function addSignal(code: GeneratedCode, slot: Slot, name: string): string {
  if (slot.kind !== 'count') return `if (at > ${name}) { ${name} = at; ${name}t = text; }`;
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

import { fieldValue, signalReader } from './bind-snapshot.ts';
import { numericSamples } from './cells.ts';
import type { Atom } from './code.ts';
import type { FeatureSnapshot, FeatureValue } from './features.ts';
import type { Ruleset } from './ruleset.ts';
import type { Slot } from './slots.ts';

/** One thing about a lead that could be different: fields of one raw value, or more signals of one kind. */
export interface LeadChange {
  fields: Readonly<Record<string, FeatureValue>>;
  /** That many more, now. */
  signals: { kind: string; count: number } | null;
}

/** Changes of one raw value or kind of signal. */
export interface ChangeIdea {
  /** As in `FieldDefinition.from`, or `signal:<kind>`. */
  from: string;
  kind: 'missing' | 'known' | 'signal';
  /** Later lists are worth a look only when nothing in those before lifts the tier. */
  stages: readonly (readonly LeadChange[])[];
  /** The changes are more and more of one thing, so only the first that lifts says something. */
  isScale: boolean;
  /** Numbers in ascending order, between which the rules see no difference: "200 or more" can be said. */
  isRange: boolean;
  /** More texts of the first stage: the rules may not tell them from one that lifts, but people do. */
  alike: readonly LeadChange[];
}

/** More signals of one kind than anybody would wait for. */
const MAX_MORE_SIGNALS = 20;
const MAX_ALIKE = 50;
/** How a lead came to us is history: nobody can find it out or change it later. */
const HISTORY: readonly string[] = ['source', 'lead_source', 'campaign'];
/** Estimates that are often wrong or outdated, and never below zero. */
const ESTIMATES: readonly string[] = ['employees', 'annual_revenue'];
/** Stands for every text that no rule names. */
export const ANOTHER = 'another';
const KIND = 'lead.email_kind';
const DOMAIN = 'lead.email_domain';

type FieldSlot = Slot & { kind: 'field' | 'member' | 'presence' };

/** A field that some rule reads, with all that rules compare it with. */
interface ReadField {
  name: string;
  /** Some rule does more with it than compare. */
  isWhole: boolean;
  slots: readonly FieldSlot[];
  constants: readonly string[];
  samples: readonly number[];
  /** Texts of which the rules tell each from the others. */
  cells: readonly string[];
}

/**
 * All changes of one thing that a rep can hope for, in an order that is always the same:
 * - a missing value may turn out to be any; a rep can find it out
 * - a known company size or revenue may be wrong, or have changed
 * - somebody with a free or throw-away address may give a work address: at the company's domain when that is
 *   known, otherwise at one that no rule names
 * - somebody who gave no phone number may give one, and who wrote may ask for one thing more
 * - behaviour of a declared kind may still happen, now
 *
 * Other known values are facts (country, title, industry, fields of the team's own), and where a lead came
 * from is history: they do not change, so they are no advice. Fields of one raw value change together and
 * stay possible: a free address has no company's domain, a known seniority stays when a function is added.
 */
export function possibleChanges(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  now: Date,
): ChangeIdea[] {
  const atoms = atomsBySlot(ruleset);
  const byRaw = new Map<string, Map<string, ReadField>>();
  ruleset.slots.forEach((slot, index) => {
    if (slot.kind !== 'field' && slot.kind !== 'member' && slot.kind !== 'presence') return;
    const fields = byRaw.get(slot.field.from) ?? new Map<string, ReadField>();
    fields.set(slot.name, withSlot(ruleset, fields.get(slot.name), slot, index, atoms));
    byRaw.set(slot.field.from, fields);
  });
  const ideas = [...byRaw]
    .filter(([from]) => !HISTORY.includes(from))
    .flatMap(([from, fields]) => ideaOf(ruleset, snapshot, from, [...fields.values()]));
  return [...ideas, ...signalIdeas(ruleset, snapshot, now, atoms)].sort((a, b) =>
    a.from < b.from ? -1 : 1,
  );
}

function atomsBySlot(ruleset: Ruleset): Map<number, Atom[]> {
  const bySlot = new Map<number, Atom[]>();
  for (const { condition } of [...ruleset.rules, ...ruleset.stops, ...ruleset.bounds]) {
    for (const atom of condition.atoms) {
      const known = bySlot.get(atom.slot);
      if (known === undefined) bySlot.set(atom.slot, [atom]);
      else known.push(atom);
    }
  }
  return bySlot;
}

function withSlot(
  ruleset: Ruleset,
  known: ReadField | undefined,
  slot: FieldSlot,
  index: number,
  atoms: ReadonlyMap<number, Atom[]>,
): ReadField {
  const own = atoms.get(index) ?? [];
  const constants = own.flatMap((atom) => atom.constants.filter((one) => typeof one === 'string'));
  const cells = ruleset.cells[index] ?? [];
  return {
    name: slot.name,
    isWhole: known?.isWhole === true || isReadWhole(ruleset, index),
    slots: [...(known?.slots ?? []), slot],
    constants: [...new Set([...(known?.constants ?? []), ...constants])],
    samples: [...(known?.samples ?? []), ...samplesOf(slot, own)],
    cells: [...(known?.cells ?? []), ...cells.filter((value) => typeof value === 'string')],
  };
}

/** Where answers change, and numbers next to it that a person would say. */
function samplesOf(slot: FieldSlot, atoms: readonly Atom[]): number[] {
  const samples = numericSamples(slot, atoms) ?? [];
  const beside =
    slot.field.type === 'double'
      ? samples.flatMap((value) => [Math.ceil(value) - 1, Math.floor(value) + 1])
      : [];
  const all = new Set([...samples, ...beside]);
  const least = ESTIMATES.includes(slot.field.from) ? 0 : Number.NEGATIVE_INFINITY;
  return [...all].filter((value) => value >= least).sort((a, b) => a - b);
}

function ideaOf(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  from: string,
  fields: readonly ReadField[],
): ChangeIdea[] {
  if (from === 'email') return emailIdea(ruleset, snapshot, fields);
  const missing = fields.filter((field) => known(snapshot, field) === undefined);
  if (missing.length > 0) return missingIdea(from, missing);
  const [field] = fields;
  const value = field && known(snapshot, field);
  if (field === undefined || value === undefined) return [];
  if (ESTIMATES.includes(from) && typeof value === 'number') {
    const nearest = field.samples
      .filter((sample) => sample !== value)
      .sort((a, b) => Math.abs(a - value) - Math.abs(b - value) || a - b);
    return [
      scale(
        from,
        'known',
        nearest.map((sample) => set(field.name, sample)),
      ),
    ];
  }
  if (from === 'phone' && value === false) return [plain(from, 'known', [[set(field.name, true)]])];
  if (from === 'message' && Array.isArray(value)) {
    const more = (field.slots[0]?.field.values ?? []).filter((topic) => !value.includes(topic));
    const asks = more.map((topic) => set(field.name, [...value.map(String), topic]));
    return [plain(from, 'known', [asks])];
  }
  return [];
}

function known(snapshot: FeatureSnapshot, { slots: [slot] }: ReadField) {
  return slot === undefined ? undefined : fieldValue(snapshot, slot);
}

/** One text of each cell. Each field alone, as a title may tell the rank and not the field of work; else two of them together. */
function missingIdea(from: string, missing: readonly ReadField[]): ChangeIdea[] {
  const values = missing.map((field) => valuesOf(field).map((value) => ({ [field.name]: value })));
  const pairs = values.flatMap((first, index) =>
    values
      .slice(index + 1)
      .flatMap((second) => first.flatMap((a) => second.map((b) => ({ ...a, ...b })))),
  );
  const changes = (all: Record<string, FeatureValue>[]) =>
    all.map((fields) => ({ fields, signals: null }));
  const alike = missing.flatMap(({ name, slots: [slot], constants }) =>
    slot?.field.type === 'string'
      ? (slot.field.values ?? constants).slice(0, MAX_ALIKE).map((text) => set(name, text))
      : [],
  );
  const [field] = missing;
  const type = field?.slots[0]?.field.type;
  const isNumber = missing.length === 1 && (type === 'int' || type === 'double');
  const stages = [changes(values.flat()), changes(pairs)];
  return [
    {
      ...plain(from, 'missing', stages),
      isRange: isNumber && field?.isWhole === false,
      alike,
    },
  ];
}

function valuesOf({ slots, samples, cells, constants }: ReadField): FeatureValue[] {
  const type = slots[0]?.field.type;
  const closed = slots[0]?.field.values;
  if (type === 'bool') return [true, false];
  if (type === 'int' || type === 'double') return samples.length === 0 ? [1] : [...samples];
  if (type === 'list<string>') {
    const members = slots.flatMap((slot) => (slot.kind === 'member' ? [slot.member] : []));
    return [...[...new Set(closed ?? members)].map((member) => [member]), []];
  }
  if (closed !== undefined) return cells.length === 0 ? closed.slice(0, 1) : [...cells];
  return [...cells.filter((text) => constants.includes(text)), otherThan(constants, ANOTHER)];
}

function emailIdea(
  { fields: catalog }: Ruleset,
  snapshot: FeatureSnapshot,
  fields: readonly ReadField[],
): ChangeIdea[] {
  const kind = valueIn(snapshot, KIND);
  if (kind === 'work') return [];
  const domains = fields.find((field) => field.name === DOMAIN)?.constants ?? [];
  const unnamed = otherThan(domains, ANOTHER);
  const company = valueIn(snapshot, 'company.domain');
  const address = (as: string, domain: string): LeadChange => ({
    fields: { [KIND]: as, ...(DOMAIN in catalog ? { [DOMAIN]: domain } : {}) },
    signals: null,
  });
  const work = address('work', typeof company === 'string' ? company : unnamed);
  if (kind !== null) return [plain('email', 'known', [[work]])];
  const others = ['free', 'disposable'].map((as) => address(as, unnamed));
  // Whose company is known writes from there.
  const named = typeof company === 'string' ? [] : domains.slice(0, MAX_ALIKE);
  return [
    plain('email', 'missing', [[work, ...others], named.map((domain) => address('work', domain))]),
  ];
}

function valueIn(snapshot: FeatureSnapshot, name: string): FeatureValue | null {
  const { fields } = snapshot;
  return Object.hasOwn(fields, name) ? (fields[name] ?? null) : null;
}

/** A text like `text` that is none of these. */
function otherThan(texts: readonly string[], text: string): string {
  let other = text;
  while (texts.includes(other)) other = `another ${other}`;
  return other;
}

function signalIdeas(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  now: Date,
  atoms: ReadonlyMap<number, Atom[]>,
): ChangeIdea[] {
  const signals = signalReader(snapshot, now.getTime());
  const counts = new Map<string, Set<number>>();
  ruleset.slots.forEach((slot, index) => {
    if (slot.kind !== 'count' && slot.kind !== 'last') return;
    if (!snapshot.declaredSignals.includes(slot.signal)) return;
    const more = counts.get(slot.signal) ?? new Set([1]);
    if (slot.kind === 'count' && isReadWhole(ruleset, index)) {
      for (let count = 1; count <= MAX_MORE_SIGNALS; count++) more.add(count);
    } else if (slot.kind === 'count') {
      const present = signals.count(slot.signal, slot.windowMs) ?? 0;
      const edges = numericSamples(slot, atoms.get(index) ?? []) ?? [];
      for (const edge of edges) more.add(edge - present);
    }
    counts.set(slot.signal, more);
  });
  return [...counts].map(([kind, more]) => {
    const wanted = [...more].filter((count) => count >= 1 && count <= MAX_MORE_SIGNALS);
    const changes = wanted
      .sort((a, b) => a - b)
      .map((count) => ({ fields: {}, signals: { kind, count } }));
    return scale(`signal:${kind}`, 'signal', changes);
  });
}

function isReadWhole({ rules, stops, bounds }: Ruleset, slot: number): boolean {
  return [...rules, ...stops, ...bounds].some((rule) => rule.condition.whole.has(slot));
}

function set(name: string, value: FeatureValue): LeadChange {
  return { fields: { [name]: value }, signals: null };
}

function plain(from: string, kind: ChangeIdea['kind'], stages: LeadChange[][]): ChangeIdea {
  return { from, kind, stages, isScale: false, isRange: false, alike: [] };
}

function scale(from: string, kind: ChangeIdea['kind'], changes: LeadChange[]): ChangeIdea {
  return { from, kind, stages: [changes], isScale: true, isRange: false, alike: [] };
}

/** The lead as it would be. */
export function withChange(
  snapshot: FeatureSnapshot,
  { fields, signals }: LeadChange,
  now: Date,
): FeatureSnapshot {
  const one = signals === null ? [] : [{ kind: signals.kind, occurredAt: now.toISOString() }];
  const more = Array.from({ length: signals?.count ?? 0 }, () => one).flat();
  return {
    ...snapshot,
    fields: { ...snapshot.fields, ...fields },
    signals: [...snapshot.signals, ...more],
  };
}

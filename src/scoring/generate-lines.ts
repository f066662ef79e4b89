import type { Axis, Reason, ReasonKind } from './assessment.ts';
import type { BoundSnapshot } from './bind-snapshot.ts';
import {
  axisReasons,
  couldStopText,
  decayText,
  groupLine,
  inCanonicalOrder,
  line,
  unknownBoundReason,
  unknownReason,
  whyText,
} from './explain-score.ts';
import type { FeatureSnapshot, FeatureValue } from './features.ts';
import { fieldNumbers } from './generate-binding.ts';
import type { ConditionWriter } from './generate-condition.ts';
import type { GeneratedCode } from './generated-code.ts';
import { consequenceOfBound } from './judge-by-closures.ts';
import { slotName } from './observed-fields.ts';
import { missingSlots } from './open-questions.ts';
import type { Judged, PointRule, Ruleset } from './ruleset.ts';
import { NEVER, type Value } from './slots.ts';
import { formatValue, plainText, type WhyTemplate } from './why-template.ts';

/** A statement that adds one line of the why, with what the canonical order needs to know of it. */
interface LineCode {
  kind: ReasonKind;
  axis: Axis | null;
  ruleId: string;
  js: string;
}

/** Statements that add the lines of one lead to `r`, in canonical order. */
export function writeLines(
  code: GeneratedCode,
  writer: ConditionWriter,
  ruleset: Ruleset,
): { known: string[]; unknown: string[] } {
  const lines = new LineWriter(code, writer, ruleset);
  const all = ordered([
    ...ruleset.rules.flatMap((rule, index) => lines.rule(rule, index)),
    ...lines.groups(),
    ...lines.axes(),
    ...lines.bounds(),
    ...lines.stops(),
  ]);
  const isUnknown = ({ kind }: LineCode) => kind === 'unknown';
  return {
    known: all.filter((one) => !isUnknown(one)).map(({ js }) => js),
    unknown: all.filter(isUnknown).map(({ js }) => js),
  };
}

/** The order of lines does not depend on a lead, so it is found once. */
function ordered(lines: readonly LineCode[]): LineCode[] {
  const byReason = new Map<Reason, LineCode>();
  for (const one of lines) byReason.set(line(one.kind, one.ruleId, one.axis, 0, ''), one);
  return inCanonicalOrder([...byReason.keys()]).flatMap((reason) => byReason.get(reason) ?? []);
}

class LineWriter {
  readonly #code: GeneratedCode;
  readonly #writer: ConditionWriter;
  readonly #ruleset: Ruleset;
  readonly #fieldNumbers: ReadonlyMap<string, number>;

  constructor(code: GeneratedCode, writer: ConditionWriter, ruleset: Ruleset) {
    this.#code = code;
    this.#writer = writer;
    this.#ruleset = ruleset;
    this.#fieldNumbers = fieldNumbers(ruleset.slots);
  }

  rule(rule: PointRule, index: number): LineCode[] {
    const { id: ruleId, axis } = rule;
    const k = (value: unknown) => this.#code.constant(value);
    const fields = this.#fields(rule.condition.reads);
    const fired = this.#push('rule', rule, axis, k(rule.points), fields, this.#why(rule));
    const text = this.#unknownText(rule, index);
    const unknown = this.#push('unknown', rule, axis, '0', fields, text);
    const lines: LineCode[] = [
      { kind: 'rule', axis, ruleId, js: `if (w${index}) ${fired}` },
      { kind: 'unknown', axis, ruleId, js: `if (q${index}) ${unknown}` },
    ];
    if (rule.decay === null) return lines;
    const words = `${k(decayText)}(${k(rule)}, p${index}, a${index})`;
    const seen = this.#fields(rule.decay.since.reads);
    const lost = `p${index} - ${k(rule.points)}`;
    const push = this.#push('decay', rule, axis, lost, seen, words);
    const js = `if (w${index} && a${index} !== null && p${index} !== ${k(rule.points)}) ${push}`;
    return [...lines, { kind: 'decay', axis, ruleId, js }];
  }

  groups(): LineCode[] {
    return this.#ruleset.units.flatMap((unit, index): LineCode[] => {
      const group = unit.group === null ? undefined : this.#ruleset.groups[unit.group];
      if (group === undefined) return [];
      return [this.#taken(groupLine(group, 0), `d${index} !== 0`, `d${index}`)];
    });
  }

  axes(): LineCode[] {
    const { caps } = this.#ruleset.model;
    return (['fit', 'intent'] as const).flatMap((axis) => {
      const cap = this.#code.constant(caps[axis]);
      const capped = axisReasons(axis, caps[axis] + 1, caps[axis]);
      const clamped = axisReasons(axis, -1, caps[axis]);
      return [
        ...capped.map((made) => this.#taken(made, `${axis} > ${cap}`, `${cap} - ${axis}`)),
        ...clamped.map((made) => this.#taken(made, `${axis} < 0`, `0 - ${axis}`)),
      ];
    });
  }

  /** A line whose words are the same for every lead: `made` is one such line. */
  #taken({ kind, ruleId, axis, text }: Reason, test: string, points: string): LineCode {
    const push = this.#push(kind, { id: ruleId }, axis, points, '[]', this.#code.constant(text));
    return { kind, axis, ruleId, js: `if (${test}) ${push}` };
  }

  bounds(): LineCode[] {
    return this.#ruleset.bounds.map((rule, index) =>
      this.#unknownBound(rule, `b${index} === undefined`, consequenceOfBound(rule)),
    );
  }

  stops(): LineCode[] {
    return this.#ruleset.stops.map((rule, index) =>
      this.#unknownBound(rule, `c${index}`, couldStopText(this.#ruleset, rule)),
    );
  }

  #unknownBound(rule: Judged, test: string, consequence: string): LineCode {
    const ruleset = this.#ruleset;
    const words = this.#byMissing(rule.condition.reads, (bound) => {
      return unknownBoundReason(ruleset, bound, rule, consequence).text;
    });
    const fields = this.#fields(rule.condition.reads);
    const push = this.#push('unknown', rule, null, '0', fields, words);
    return { kind: 'unknown', axis: null, ruleId: rule.id, js: `if (${test}) ${push}` };
  }

  #unknownText(rule: PointRule, index: number): string {
    const ruleset = this.#ruleset;
    const made = (bound: BoundSnapshot, points: number) => {
      const judgement = { rule, outcome: undefined, points, ageMs: null, undated: false };
      return unknownReason(ruleset, bound, judgement).text;
    };
    if (rule.decay === null) {
      return this.#byMissing(rule.condition.reads, (bound) => made(bound, rule.points));
    }
    const closure = (snapshot: FeatureSnapshot, values: Value[], now: number, points: number) =>
      made({ snapshot, values, now }, points);
    return `${this.#code.constant(closure)}(snapshot, v, now, p${index})`;
  }

  /** A text that depends on nothing but which slots are missing: made once for each case. */
  #byMissing(reads: readonly number[], make: (bound: BoundSnapshot) => string): string {
    const slots = missingSlots(this.#ruleset, reads, []);
    if (slots.length > MAX_MISSING) {
      const closure = (snapshot: FeatureSnapshot, values: Value[], now: number) =>
        make({ snapshot, values, now });
      return `${this.#code.constant(closure)}(snapshot, v, now)`;
    }
    const texts = Array.from({ length: 2 ** slots.length }, (_, known) => {
      const values: Value[] = this.#ruleset.slots.map(() => true);
      slots.forEach((slot, bit) => {
        if ((known >> bit) % 2 === 0) values[slot] = undefined;
      });
      return this.#code.constant(make({ snapshot: NO_SNAPSHOT, values, now: 0 }));
    });
    return choice(slots, texts);
  }

  #push(
    kind: ReasonKind,
    { id }: { id: string },
    axis: Axis | null,
    points: string,
    fields: string,
    text: string,
  ): string {
    const named = `ruleId: ${this.#code.constant(id)}, axis: ${this.#code.constant(axis)}`;
    return `r.push({ kind: '${kind}', ${named}, points: ${points}, fields: ${fields}, text: ${text} });`;
  }

  /** As `observedFields` gives them: which and in what order does not depend on the lead. */
  #fields(reads: readonly number[]): string {
    const seen = new Map<string, string>();
    for (const index of reads) {
      const slot = this.#ruleset.slots[index];
      if (slot === undefined || slot.kind === 'local') continue;
      seen.set(slotName(slot), this.#observed(index));
    }
    const names = [...seen.keys()].sort((a, b) => (a < b ? -1 : 1));
    const fields = names.map((name) => {
      return `{ name: ${this.#code.constant(name)}, value: ${seen.get(name) ?? 'null'} }`;
    });
    return `[${fields.join(', ')}]`;
  }

  #observed(index: number): string {
    const slot = this.#ruleset.slots[index];
    if (slot !== undefined && 'field' in slot) {
      const field = `f${this.#fieldNumbers.get(slot.name) ?? 0}`;
      // One copy for all lines of a lead.
      return slot.field.type === 'list<string>'
        ? `${field}c`
        : `${field} === undefined ? null : ${field}`;
    }
    if (slot?.kind === 'last') return `${this.#code.constant(observedTime)}(v${index}, v${index}t)`;
    return `v${index} === undefined ? null : v${index}`;
  }

  /** The rule's own sentence, when it is nothing but text and values; else its closure. */
  #why(rule: Judged): string {
    const ruleset = this.#ruleset;
    const general = (snapshot: FeatureSnapshot, values: Value[], now: number) =>
      whyText(ruleset, { snapshot, values, now }, rule);
    const closure = `${this.#code.constant(general)}(snapshot, v, now)`;
    if (rule.why !== null && rule.why.fixed !== null && rule.why.fixed !== '') {
      return this.#code.constant(rule.why.fixed);
    }
    const parts = trimmed(rule.why);
    if (parts === null || parts.length === 0) return closure;
    const empty: string[] = [];
    const js = parts.map((one, index) => {
      if (typeof one === 'string') return this.#code.constant(one);
      const { type, fields } = one;
      const show = this.#code.constant(shower((value) => formatValue(value, type, fields)));
      const value = `${show}(${this.#writer.write(one)})`;
      if (index > 0 && index < parts.length - 1) return value;
      // An empty value at the edge may leave spaces there.
      const name = this.#code.temporary();
      empty.push(`(${name} = ${value}) === ''`);
      return name;
    });
    const sentence = js.join(' + ');
    return empty.length === 0 ? sentence : `${empty.join(' || ')} ? ${closure} : ${sentence}`;
  }
}

type Parts = WhyTemplate['parts'];

/** A sentence without spaces at its ends; null when its words need more than that. */
function trimmed(why: WhyTemplate | null): Parts | null {
  const parts = why?.parts ?? [];
  if (!parts.every((one) => typeof one !== 'string' || plainText(`x${one}x`) === `x${one}x`)) {
    return null;
  }
  const kept = parts.filter((one) => one !== '');
  const [first] = kept;
  if (typeof first === 'string') kept[0] = first.trimStart();
  const end = kept.length - 1;
  const last = kept[end];
  if (typeof last === 'string') kept[end] = last.trimEnd();
  return kept.includes('') ? null : kept;
}

/** Missing slots of one rule for which all cases are written out. */
const MAX_MISSING = 4;
const NO_SNAPSHOT: FeatureSnapshot = { fields: {}, signals: [], declaredSignals: [] };

/** One of 2^n names, by which of n slots have a value: the first slot is the lowest bit. */
function choice(slots: readonly number[], names: readonly string[]): string {
  const [slot, ...rest] = slots;
  const [only = ''] = names;
  if (slot === undefined) return only;
  const missing = choice(
    rest,
    names.filter((_, index) => index % 2 === 0),
  );
  const known = choice(
    rest,
    names.filter((_, index) => index % 2 === 1),
  );
  return missing === known ? missing : `(v${slot} === undefined ? ${missing} : ${known})`;
}

function observedTime(value: Value, text: string | undefined): FeatureValue | null {
  if (typeof value !== 'number' || value === NEVER) return null;
  return text ?? new Date(value).toISOString();
}

const MAX_SHOWN = 1000;

/** Remembers how the values of short texts and small numbers read, which are the same few again and again. */
function shower(format: (value: Value) => string): (value: Value) => string {
  const known = new Map<Value, string>();
  return (value) => {
    const made = known.get(value);
    if (made !== undefined) return made;
    const text = format(value);
    const isShort = typeof value === 'number' || (typeof value === 'string' && value.length < 50);
    if (isShort && known.size < MAX_SHOWN) known.set(value, text);
    return text;
  };
}

import type { Tier } from './assessment.ts';
import { signalReader } from './bind-snapshot.ts';
import type { FeatureSnapshot, FeatureValue } from './features.ts';
import { ANOTHER, type LeadChange } from './possible-changes.ts';
import type { Ruleset } from './ruleset.ts';
import { capitalised, codeWords, valueWords } from './value-words.ts';
import { formatNumber, plainText, shorten } from './why-template.ts';

const MOST_NAMED = 3;
const MAX_VALUE = 60;

/** Where the words of a topic alone make no sentence. */
const TOPICS_ASKED: Readonly<Partial<Record<string, string>>> = {
  demo: 'a demo',
  trial: 'a trial',
  timeline: 'a date',
};

interface Said {
  kind: 'missing' | 'known' | 'signal';
  changes: readonly LeadChange[];
  tier: Tier;
  /** Some of the changes lead to a better one. */
  isLeast: boolean;
  /** The first number and all above it. */
  orMore: boolean;
}

interface Of {
  ruleset: Ruleset;
  snapshot: FeatureSnapshot;
  now: Date;
}

/** "200 employees (now 180) would make it B" */
export function nearMissText(of: Of, said: Said): string {
  const least = said.isLeast ? 'at least ' : '';
  return `${capitalised(subject(of, said))} would make it ${least}${said.tier}`;
}

function subject({ ruleset, snapshot, now }: Of, { kind, changes, orMore }: Said): string {
  const [first] = changes;
  if (first === undefined) return '';
  if (first.signals !== null) return signalsText(snapshot, now, first.signals);
  const names = Object.keys(first.fields);
  const [name = ''] = names;
  if (name === 'lead.email_kind') return anyOf(changes.map(addressText));
  if (name === 'lead.has_phone') return 'a phone number';
  if (name === 'lead.topics') return topicsText(snapshot, changes);
  if (names.length > 1) return pairText(ruleset, first, changes.length > 1);
  const own = new Set(changes.flatMap(({ fields }) => Object.keys(fields)));
  return [...own]
    .map((field) => {
      const values = changes.flatMap(({ fields }) => fields[field] ?? []);
      const label = labelOf(ruleset, field);
      const numbers = values.filter((value) => typeof value === 'number');
      if (numbers.length === 0) return textsText(label, field, values);
      return numberText(snapshot, kind, { name: field, label }, numbers, orMore);
    })
    .join(', or ');
}

function textsText(label: string, field: string, values: readonly FeatureValue[]): string {
  const texts = values.map((value) => valueText(field, value));
  const [only = ''] = texts;
  return texts.length === 1 && only.endsWith(ANOTHER)
    ? `${only} ${label}`
    : `${label} ${anyOf(texts)}`;
}

function labelOf({ fields }: Ruleset, name: string): string {
  return plainText((Object.hasOwn(fields, name) ? fields[name]?.label : undefined) ?? name);
}

function valueText(name: string, value: FeatureValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return shorten(plainText(valueWords(name, String(value))), MAX_VALUE);
}

/** "pricing viewed 2 more times" */
function signalsText(
  snapshot: FeatureSnapshot,
  now: Date,
  { kind, count }: { kind: string; count: number },
): string {
  const before = signalReader(snapshot, now.getTime()).count(kind, null) ?? 0;
  const more = before === 0 ? '' : ' more';
  const times = count === 1 ? `once${more}` : `${count}${more} times`;
  return `${codeWords(kind)} ${times}`;
}

function addressText({ fields }: LeadChange): string {
  const kind = fields['lead.email_kind'];
  if (kind === 'free') return 'a free mail address';
  if (kind === 'disposable') return 'a throw-away address';
  const domain = fields['lead.email_domain'];
  const isNamed = typeof domain === 'string' && !domain.endsWith(ANOTHER);
  return isNamed ? `a work address at ${valueText('', domain)}` : 'a work address';
}

function topicsText(snapshot: FeatureSnapshot, changes: readonly LeadChange[]): string {
  const before = snapshot.fields['lead.topics'];
  const isKnown = Array.isArray(before);
  const added = changes.flatMap(({ fields }) => {
    const topics = fields['lead.topics'];
    return Array.isArray(topics) ? [topics.at(-1) ?? null] : [];
  });
  const topics = added.flatMap((topic) =>
    topic === null ? [] : [TOPICS_ASKED[topic] ?? valueText('lead.topics', topic)],
  );
  const about = topics.length === 0 ? 'nothing special' : anyOf(topics);
  return isKnown ? `asking about ${about} as well` : `a message about ${about}`;
}

function pairText(ruleset: Ruleset, { fields }: LeadChange, isOneOfMany: boolean): string {
  const both = Object.entries(fields)
    .map(([name, value]) => `${labelOf(ruleset, name)} ${valueText(name, value)}`)
    .join(' and ');
  return isOneOfMany ? `${both}, for example,` : both;
}

function numberText(
  snapshot: FeatureSnapshot,
  kind: Said['kind'],
  { name, label }: { name: string; label: string },
  numbers: readonly number[],
  orMore: boolean,
): string {
  const [value = 0] = numbers;
  const text = `${formatNumber(value)}${orMore ? ' or more' : ''}`;
  const size = name === 'company.employees' ? `${text} employees` : `${label} of ${text}`;
  const present = snapshot.fields[name];
  const isKnown = kind === 'known' && typeof present === 'number';
  return isKnown ? `${size} (now ${formatNumber(present)})` : size;
}

/** "a, b or c"; of many, the first few and how many others. */
function anyOf(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  const [only = ''] = all;
  if (all.length <= 1) return only;
  if (all.length <= MOST_NAMED) return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
  const named = MOST_NAMED - 1;
  return `${all.slice(0, named).join(', ')} or ${all.length - named} others`;
}

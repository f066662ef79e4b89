import { isWorseWriting } from './is-worse-writing.ts';
import type { Lead, QualityNote } from './lead.ts';
import { mergeTopics } from './merge-topics.ts';

/**
 * What makes two leads the same person, strongest first: the CRM's own id, the e-mail address, and the
 * record's id at one source. A phone is none: a switchboard has many.
 */
export interface IdentityKey {
  kind: 'crm' | 'email' | 'record';
  /** Compare exactly. Holds the address itself for `email`: personal, so hash it before storing. */
  value: string;
}

export function identityKeys(
  lead: Pick<Lead, 'crmId' | 'email' | 'source' | 'externalId'>,
): IdentityKey[] {
  const keys: IdentityKey[] = [];
  if (lead.crmId !== null) keys.push({ kind: 'crm', value: lead.crmId });
  if (lead.email !== null) keys.push({ kind: 'email', value: lead.email });
  keys.push({ kind: 'record', value: JSON.stringify([lead.source, lead.externalId]) });
  return keys;
}

export function isSamePerson(one: Lead, other: Lead): boolean {
  const keys = new Set(identityKeys(one).map(keyText));
  return identityKeys(other).some((key) => keys.has(keyText(key)));
}

function keyText(key: IdentityKey): string {
  return `${key.kind}:${key.value}`;
}

type MergedField = Exclude<
  keyof Lead,
  | 'externalId'
  | 'source'
  | 'createdAt'
  | 'quality'
  | 'crmId'
  | 'duplicate'
  | 'topicsNamedAt'
  | 'custom'
>;

/**
 * Fields that stand or fall together: the first is what the source sent, the rest is derived from it. Taken
 * apart they would contradict each other (yesterday's seniority beside today's title).
 */
const FIELD_GROUPS: readonly (readonly [MergedField, ...MergedField[]])[] = [
  ['firstName'],
  ['lastName'],
  ['email', 'emailKind', 'emailDomain'],
  ['phone'],
  ['title', 'seniority', 'jobFunction'],
  ['company'],
  ['companyDomain'],
  ['country'],
  ['industry'],
  ['employees'],
  ['annualRevenue'],
  ['message', 'topics'],
  ['leadSource'],
  ['campaign'],
  ['optedOut'],
  ['ownerCrmId'],
  ['status'],
];

/** Names by which people know a person: a later touch that only writes one worse leaves it as it is. */
const NAMES = ['firstName', 'lastName', 'company'] as const;

export interface MergedLead {
  lead: Lead;
  /** Names of the fields whose value changed, in the order of the lead. */
  changed: string[];
}

/**
 * Newest value wins; a missing one never wipes a known one, nor a shouted name a well written one. The
 * record that was there first stays the record: its source, its id, its CRM record and its age; where a
 * touch came from is kept with the touch. Of the messages the newest is kept, and what people asked for in
 * the last 30 days.
 *
 * @param receivedAt when the incoming one came
 */
export function mergeLead(existing: Lead, incoming: Lead, receivedAt: Date): MergedLead {
  const lead: Lead = { ...existing, crmId: existing.crmId ?? incoming.crmId };
  if (incoming.duplicate !== undefined) lead.duplicate = incoming.duplicate;
  const taken = new Set<string>();
  for (const group of FIELD_GROUPS) {
    if (incoming[group[0]] === null || isWrittenWorse(existing, incoming, group[0])) continue;
    for (const field of group) {
      copyField(lead, incoming, field);
      taken.add(field);
    }
  }
  if (incoming.message !== null) Object.assign(lead, mergeTopics(existing, incoming, receivedAt));
  lead.custom = { ...existing.custom, ...incoming.custom };
  lead.quality = mergeQuality(existing, incoming, taken);
  const fields: (MergedField | 'crmId' | 'custom')[] = ['crmId', ...FIELD_GROUPS.flat(), 'custom'];
  return { lead, changed: fields.filter((field) => !isEqual(existing[field], lead[field])) };
}

function isWrittenWorse(existing: Lead, incoming: Lead, field: MergedField): boolean {
  const name = NAMES.find((each) => each === field);
  if (name === undefined) return false;
  return isWorseWriting(existing[name] ?? '', incoming[name] ?? '');
}

function copyField<F extends MergedField>(
  target: Pick<Lead, F>,
  from: Pick<Lead, F>,
  field: F,
): void {
  target[field] = from[field];
}

// A note belongs to the value that it speaks of: where the old value stays, so does what was said of it.
function mergeQuality(existing: Lead, incoming: Lead, taken: ReadonlySet<string>): QualityNote[] {
  const old = existing.quality.filter((note) => !taken.has(note.field));
  const isNoted = new Set(old.map((note) => note.field));
  const fresh = incoming.quality.filter(
    (note) => taken.has(note.field) || (note.problem !== 'missing' && !isNoted.has(note.field)),
  );
  return [...old, ...fresh];
}

function isEqual(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

import type { EmailKind, JobFunction, Seniority, Topic } from '../lead/lead.ts';
import { CUSTOM_ROOT, type FieldName } from './features.ts';

/** What people call the codes that rules compare with, one place for each closed set. */
const WORDS = {
  'lead.email_kind': {
    work: 'work address',
    free: 'free mail',
    disposable: 'throw-away address',
  } satisfies Record<EmailKind, string>,
  'lead.seniority': {
    c_level: 'C-level',
    vp: 'VP',
    director: 'director',
    manager: 'manager',
    staff: 'staff',
    student: 'student',
  } satisfies Record<Seniority, string>,
  'lead.function': {
    executive: 'general management',
    sales: 'sales',
    marketing: 'marketing',
    revops: 'revenue operations',
    it: 'IT',
    engineering: 'engineering',
    finance: 'finance',
    operations: 'operations',
    hr: 'human resources',
    procurement: 'procurement',
    legal: 'legal',
    education: 'education',
    other: 'another field',
  } satisfies Record<JobFunction, string>,
  'lead.topics': {
    demo: 'demo',
    pricing: 'pricing',
    trial: 'trial',
    integration: 'integration',
    security: 'security',
    migration: 'switching from another tool',
    timeline: 'timeline',
    support: 'support',
    jobs: 'a job with us',
    vendor_pitch: 'selling to us',
    coursework: 'coursework',
  } satisfies Record<Topic, string>,
} satisfies Partial<Record<FieldName, Record<string, string>>>;

const BY_FIELD: Readonly<Record<string, Readonly<Record<string, string>>>> = WORDS;

/** The words for one text of a field; a text without words of its own is its own. */
export function valueWords(field: string, value: string): string {
  // A field of the team's own holds codes like ours.
  if (field.startsWith(`${CUSTOM_ROOT}.`)) return value.replaceAll('_', ' ');
  const words = Object.hasOwn(BY_FIELD, field) ? BY_FIELD[field] : undefined;
  return words !== undefined && Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}

/** "wrong_company_size" and "message-topics" as a person would write them; for codes without a label. */
export function codeWords(code: string): string {
  return code.replaceAll(/[_.-]+/g, ' ').trim();
}

/** "B", "B or C", "B, C or D". */
export function oneOf(tiers: readonly string[]): string {
  const last = tiers.at(-1) ?? '';
  return tiers.length < 2 ? last : `${tiers.slice(0, -1).join(', ')} or ${last}`;
}

/** As a sentence begins. */
export function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

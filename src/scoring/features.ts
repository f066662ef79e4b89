import { z } from 'zod';
import { EMAIL_KINDS, JOB_FUNCTIONS, SENIORITIES, TOPICS } from '../lead/lead.ts';

/**
 * Every field that a rule may read. Fields with the same `from` are derived from one raw value, so a
 * missing raw value makes all of them missing together and the range completes them together.
 */
export interface FieldDefinition {
  type: 'string' | 'int' | 'double' | 'bool' | 'list<string>';
  /** The raw value that this field is derived from. */
  from: string;
  /** What people call it: "company size". */
  label: string;
  /** Closed set of values, where there is one. */
  values?: readonly string[];
}

export const FIELDS = {
  'lead.email_kind': { type: 'string', from: 'email', label: 'e-mail kind', values: EMAIL_KINDS },
  'lead.email_domain': { type: 'string', from: 'email', label: 'e-mail domain' },
  'lead.seniority': { type: 'string', from: 'title', label: 'seniority', values: SENIORITIES },
  'lead.function': { type: 'string', from: 'title', label: 'job function', values: JOB_FUNCTIONS },
  'lead.country': { type: 'string', from: 'country', label: 'country' },
  'lead.topics': { type: 'list<string>', from: 'message', label: 'message topics', values: TOPICS },
  'lead.has_phone': { type: 'bool', from: 'phone', label: 'phone number given' },
  'lead.opted_out': { type: 'bool', from: 'opted_out', label: 'opted out' },
  'company.domain': { type: 'string', from: 'company_domain', label: 'company domain' },
  'company.employees': { type: 'int', from: 'employees', label: 'company size' },
  'company.industry': { type: 'string', from: 'industry', label: 'industry' },
  'company.annual_revenue': { type: 'double', from: 'annual_revenue', label: 'annual revenue' },
  'source.name': { type: 'string', from: 'source', label: 'source' },
  'source.lead_source': { type: 'string', from: 'lead_source', label: 'lead source' },
  'source.campaign': { type: 'string', from: 'campaign', label: 'campaign' },
} as const satisfies Record<string, FieldDefinition>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** All fields that the rules of one ruleset may read: ours and those that its model.yml declares. */
export type FieldCatalog = Readonly<Record<string, FieldDefinition>>;

/** A field of the team's own, as model.yml declares it; rules read it as custom.<name>. */
export interface CustomField {
  type: 'string' | 'int' | 'double' | 'bool';
  label?: string | undefined;
  values?: readonly string[] | undefined;
}

export const CUSTOM_ROOT = 'custom';

export function fieldCatalog(custom: Readonly<Record<string, CustomField>> = {}): FieldCatalog {
  const own = Object.entries(custom).map(([key, { type, label, values }]) => {
    const name = `${CUSTOM_ROOT}.${key}`;
    const definition: FieldDefinition = {
      type,
      from: name,
      label: label ?? key.replaceAll('_', ' '),
      ...(values === undefined ? {} : { values }),
    };
    return [name, definition] as const;
  });
  return { ...FIELDS, ...Object.fromEntries(own) };
}

export const FeatureValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type FeatureValue = z.infer<typeof FeatureValue>;

export const SignalFeature = z.object({ kind: z.string(), occurredAt: z.iso.datetime() });
export type SignalFeature = z.infer<typeof SignalFeature>;

/**
 * All that the rules could read about one lead at one moment: stored with each assessment, so that a score
 * can be computed again later. `null` means missing. Holds no personal field.
 */
export const FeatureSnapshot = z.object({
  fields: z.record(z.string(), FeatureValue.nullable()),
  /** Newest first is not required; the scorer sorts. */
  signals: z.array(SignalFeature),
  /** Signal kinds that some source is declared to send: a count of any other kind is unknown, not zero. */
  declaredSignals: z.array(z.string()),
});
export type FeatureSnapshot = z.infer<typeof FeatureSnapshot>;

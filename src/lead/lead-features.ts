import {
  type FeatureSnapshot,
  type FeatureValue,
  FIELD_NAMES,
  FIELDS,
  type FieldCatalog,
  type FieldName,
} from '../scoring/features.ts';
import { customFeatures } from './custom-fields.ts';
import type { Lead } from './lead.ts';

export interface LeadSignal {
  kind: string;
  occurredAt: Date;
}

/**
 * All that rules may read of a lead, as stored with its assessment. The same lead and signals in any order
 * give the same bytes. No name, address, number or free text enters.
 */
export function leadFeatures(
  lead: Lead,
  signals: readonly LeadSignal[],
  declaredSignals: readonly string[],
  fields: FieldCatalog = FIELDS,
): FeatureSnapshot {
  const standard = featureValues(lead);
  const values = [
    ...FIELD_NAMES.map((name) => [name, standard[name]] as const),
    ...customFeatures(lead.custom, fields),
  ];
  return {
    fields: Object.fromEntries(values.map(([name, value]) => [name, impersonal(value)])),
    signals: signals
      .map(({ kind, occurredAt }) => ({ kind, occurredAt: occurredAt.toISOString() }))
      .sort((a, b) => compareText(a.occurredAt, b.occurredAt) || compareText(a.kind, b.kind)),
    declaredSignals: [...new Set(declaredSignals)].sort(compareText),
  };
}

function featureValues(lead: Lead): Record<FieldName, FeatureValue | null> {
  return {
    'lead.email_kind': lead.emailKind,
    'lead.email_domain': lead.emailDomain,
    'lead.seniority': lead.seniority,
    'lead.function': lead.jobFunction,
    'lead.country': lead.country,
    'lead.topics': lead.topics,
    // Known either way: a lead that gave no usable number gave none.
    'lead.has_phone': lead.phone !== null,
    'lead.opted_out': lead.optedOut,
    'company.domain': lead.companyDomain,
    'company.employees': lead.employees,
    'company.industry': lead.industry,
    'company.annual_revenue': lead.annualRevenue,
    'source.name': lead.source,
    'source.lead_source': unlessNamed(lead.leadSource, lead),
    'source.campaign': unlessNamed(lead.campaign, lead),
  };
}

/** Pick-list fields are free text at the source: one that holds an address or a number of a person is dropped. */
function impersonal(value: FeatureValue | null): FeatureValue | null {
  if (typeof value !== 'string') return value;
  return value.includes('@') || /\d[\d\s().-]{6,}\d/.test(value) ? null : value;
}

/** "Friend of Ada" tells where Ada came from, and who she is: features outlive an erasure, so it is dropped. */
function unlessNamed(text: string | null, { firstName, lastName }: Lead): string | null {
  const names = [firstName, lastName].flatMap(wordsOf).filter((word) => word.length > 2);
  return wordsOf(text).some((word) => names.includes(word)) ? null : text;
}

function wordsOf(text: string | null): string[] {
  return (text ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

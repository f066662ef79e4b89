import { z } from 'zod';

const CustomValue = z.union([z.string(), z.number(), z.boolean()]);
export type CustomValue = z.infer<typeof CustomValue>;
/** Fields of the team's own by squashed name. */
export type CustomValues = Readonly<Record<string, CustomValue>>;

/**
 * A lead as a source sent it, mapped to our field names but not yet cleaned.
 * Every value may be absent, empty or wrong: cleaning is `normaliseLead`'s job.
 */
export const IncomingLead = z.object({
  /** The record's id at the source: unique within that source. */
  externalId: z.string().min(1).max(255),
  /** Salesforce Lead id (15 or 18 characters), when the lead already lives in the CRM. */
  crmId: z.string().max(18).optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  title: z.string().optional(),
  company: z.string().optional(),
  website: z.string().optional(),
  country: z.string().optional(),
  industry: z.string().optional(),
  employees: z.union([z.number(), z.string()]).optional(),
  annualRevenue: z.union([z.number(), z.string()]).optional(),
  message: z.string().optional(),
  /** Where the lead came from, in the source's own words ("Website", "Trade show"). */
  leadSource: z.string().optional(),
  campaign: z.string().optional(),
  optedOut: z.boolean().optional(),
  /** CRM user id of the present owner. */
  ownerCrmId: z.string().optional(),
  /** CRM pick-list value such as "Open - Not Contacted". */
  status: z.string().optional(),
  /** When the lead came to be at the source; absent: the moment we received it. */
  createdAt: z.iso.datetime({ offset: true }).optional(),
  custom: z.record(z.string(), CustomValue).optional(),
});
export type IncomingLead = z.infer<typeof IncomingLead>;

export const EMAIL_KINDS = ['work', 'free', 'disposable'] as const;
export type EmailKind = (typeof EMAIL_KINDS)[number];

export const SENIORITIES = ['c_level', 'vp', 'director', 'manager', 'staff', 'student'] as const;
export type Seniority = (typeof SENIORITIES)[number];

export const JOB_FUNCTIONS = [
  'executive',
  'sales',
  'marketing',
  'revops',
  'it',
  'engineering',
  'finance',
  'operations',
  'hr',
  'procurement',
  'legal',
  'education',
  'other',
] as const;
export type JobFunction = (typeof JOB_FUNCTIONS)[number];

export const TOPICS = [
  'demo',
  'pricing',
  'trial',
  'integration',
  'security',
  'migration',
  'timeline',
  'support',
  'jobs',
  'vendor_pitch',
  'coursework',
] as const;
export type Topic = (typeof TOPICS)[number];

/** What we noticed while cleaning a field: shown to people, never silently mended into a value. */
export interface QualityNote {
  field: string;
  problem: 'missing' | 'invalid' | 'unrecognised' | 'truncated' | 'hidden_characters';
  /** One short plain phrase, without the value itself (it may be personal). */
  detail: string;
}

/** A cleaned lead. `null` means missing or unusable; a reason for it is in `quality`. */
export interface Lead {
  externalId: string;
  crmId: string | null;
  source: string;
  firstName: string | null;
  lastName: string | null;
  /** Lower-cased, trimmed address. */
  email: string | null;
  emailKind: EmailKind | null;
  /** Registrable domain of the address, for example "example.co.uk". */
  emailDomain: string | null;
  /** E.164. */
  phone: string | null;
  title: string | null;
  seniority: Seniority | null;
  jobFunction: JobFunction | null;
  company: string | null;
  /** Registrable domain of the website, else of a work e-mail. */
  companyDomain: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  industry: string | null;
  employees: number | null;
  annualRevenue: number | null;
  message: string | null;
  /** Topics found in the message, and in earlier ones of the last 30 days; null when there is no message. */
  topics: Topic[] | null;
  /** Set once a second message came: when each topic was last named, ISO 8601. */
  topicsNamedAt?: Partial<Record<Topic, string>>;
  leadSource: string | null;
  campaign: string | null;
  optedOut: boolean | null;
  ownerCrmId: string | null;
  status: string | null;
  /** Another record of this person in the CRM, the newest that told of itself: it takes over from a deleted one. */
  duplicate?: { crmId: string; status: string | null };
  createdAt: Date;
  custom: CustomValues;
  quality: QualityNote[];
}

export const LEAD_STATES = ['held', 'open', 'accepted', 'contacted', 'snoozed', 'closed'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

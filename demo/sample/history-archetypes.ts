import type { IncomingLead } from '../../src/lead/lead.ts';
import type { Tier } from '../../src/scoring/assessment.ts';

/** A kind of lead that comes again and again. The tier is what the shipped rules give it. */
export interface Archetype {
  name: string;
  tier: Tier;
  /** How common it is, relative to the others. */
  weight: number;
  email: 'work' | 'free';
  fields: Pick<IncomingLead, 'title' | 'industry' | 'message'>;
  employees: readonly [number, number];
  countries: readonly string[];
  signals: readonly { source: 'website' | 'product'; kind: string; hoursBefore: number }[];
  minutesToAccept: readonly [number, number];
  /** Tried in order; `share` is the chance of each. */
  overrides: readonly {
    share: number;
    toTier: Tier | null;
    reasonCode: string;
    blamedRules: readonly string[];
  }[];
}

const OURS = ['US', 'GB', 'DE', 'FR', 'NL', 'SE'] as const;
const ELSEWHERE = ['BR', 'IN', 'JP', 'ZA'] as const;
const PRICING_THRICE = [30, 9, 2].map((hoursBefore) => ({
  source: 'website' as const,
  kind: 'pricing_viewed',
  hoursBefore,
}));

export const ARCHETYPES: readonly Archetype[] = [
  {
    name: 'senior buyer who asks for a demo',
    tier: 'A',
    weight: 18,
    email: 'work',
    fields: {
      title: 'VP Sales',
      industry: 'Software',
      message: 'Please show us a demo, and how much it costs.',
    },
    employees: [220, 900],
    countries: OURS,
    signals: [],
    minutesToAccept: [2, 40],
    overrides: [
      { share: 0.04, toTier: 'B', reasonCode: 'wrong_person', blamedRules: [] },
      {
        share: 0.02,
        toTier: 'C',
        reasonCode: 'wrong_company_size',
        blamedRules: ['fit.company-size.mid-market'],
      },
    ],
  },
  {
    name: 'fits well, asks about pricing',
    tier: 'B',
    weight: 24,
    email: 'work',
    fields: { title: 'Head of Marketing', industry: 'Retail', message: 'What are your prices?' },
    employees: [40, 180],
    countries: OURS,
    signals: [],
    minutesToAccept: [6, 150],
    overrides: [
      { share: 0.05, toTier: 'A', reasonCode: 'more_urgent', blamedRules: [] },
      { share: 0.02, toTier: null, reasonCode: 'not_a_company', blamedRules: [] },
    ],
  },
  {
    // The rule that the report should point at: three looks at the price page, and nothing meant by it.
    name: 'reads the price page without a question',
    tier: 'B',
    weight: 20,
    email: 'work',
    fields: { title: 'Director of Sales', message: 'Just looking around.' },
    employees: [30, 190],
    countries: OURS,
    signals: PRICING_THRICE,
    minutesToAccept: [8, 200],
    overrides: [
      {
        share: 0.6,
        toTier: 'C',
        reasonCode: 'no_real_interest',
        blamedRules: ['intent.pricing-page'],
      },
      { share: 0.1, toTier: 'D', reasonCode: 'no_real_interest', blamedRules: [] },
    ],
  },
  {
    name: 'manager at a small company',
    tier: 'C',
    weight: 22,
    email: 'work',
    fields: { title: 'Operations Manager', message: 'How does this work with our team?' },
    employees: [25, 150],
    countries: OURS,
    signals: [],
    minutesToAccept: [20, 460],
    overrides: [{ share: 0.06, toTier: 'B', reasonCode: 'known_account', blamedRules: [] }],
  },
  {
    name: 'free mail, tiny, far away',
    tier: 'D',
    weight: 16,
    email: 'free',
    fields: { title: 'Consultant', message: 'Hello, tell me more.' },
    employees: [1, 12],
    countries: ELSEWHERE,
    signals: [],
    minutesToAccept: [60, 1_000],
    overrides: [{ share: 0.05, toTier: null, reasonCode: 'spam', blamedRules: [] }],
  },
];

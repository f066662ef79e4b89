import type { FeatureSnapshot, FeatureValue } from '../../src/scoring/features.ts';
import { COMPETITORS, COUNTRIES, INDUSTRIES, KINDS, NAMED } from './rule-pack.ts';

export const NOW = new Date('2026-06-03T10:00:00.000Z');
const HOUR_MS = 3_600_000;

/** Share of the fields that are missing. */
const MISSING = 0.1;

/** The same leads for the same seed. */
export function generateLeads(count: number, seed: number): FeatureSnapshot[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => generateLead(random));
}

function generateLead(random: () => number): FeatureSnapshot {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const some = (items: readonly string[], share: number) => items.filter(() => random() < share);
  const known: Record<string, FeatureValue> = {
    'lead.email_kind': pick(['work', 'work', 'work', 'free', 'disposable']),
    'lead.email_domain': pick(['mail.example', 'northwind.example', 'acme.example']),
    'lead.seniority': pick(['c_level', 'vp', 'director', 'manager', 'staff', 'staff', 'student']),
    'lead.function': pick(['sales', 'marketing', 'revops', 'engineering', 'finance', 'other']),
    'lead.country': pick([...COUNTRIES, 'BR', 'IN', 'JP', 'ZA', 'MX', 'PL']),
    'lead.topics': some(['demo', 'pricing', 'timeline', 'migration', 'trial', 'support'], 0.3),
    'lead.has_phone': random() < 0.5,
    'lead.opted_out': random() < 0.03,
    'company.domain': pick(['acme.example', 'globex.example', ...NAMED, ...COMPETITORS]),
    'company.employees': Math.floor(10 ** (random() * 5)),
    'company.industry': pick([...INDUSTRIES, 'Mining', 'Farming', 'Education']),
    'company.annual_revenue': Math.round(10 ** (4 + random() * 5)),
    'source.name': pick(['website', 'event']),
    'source.lead_source': pick(['Web', 'Event', 'Partner']),
    'source.campaign': pick(['spring', 'summer', 'none']),
  };
  const fields = Object.fromEntries(
    Object.entries(known).map(([name, value]) => [name, random() < MISSING ? null : value]),
  );
  const signals = Array.from({ length: Math.floor(random() * 6) }, () => ({
    kind: pick(KINDS),
    occurredAt: new Date(NOW.getTime() - Math.floor(random() * 1_440) * HOUR_MS).toISOString(),
  }));
  return { fields, signals, declaredSignals: [...KINDS].sort() };
}

/** A small generator with a seed: the runs are to be repeated, not to be unguessable. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

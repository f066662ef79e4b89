import type { IncomingLead } from '../../src/lead/lead.ts';
import type { Tier } from '../../src/scoring/assessment.ts';
import { ARCHETYPES, type Archetype } from './history-archetypes.ts';
import { createRandom, type Random } from './random.ts';

/** Thirty days of a sample team at work, for the report to say something about. */
export interface HistoryLead {
  /** As the source "website" would have sent it; `externalId` is unique ("history-0001"). */
  lead: IncomingLead;
  source: 'website';
  receivedAt: Date;
  /** All before `receivedAt`. */
  signals: { source: 'website' | 'product'; kind: string; occurredAt: Date }[];
  /** In order of time, all after `receivedAt` and before `now`; the last one is final. Never empty. */
  decisions: HistoryDecision[];
}

export interface HistoryDecision {
  /** `disqualified` is an override with `toTier` null. An overridden lead was accepted before. */
  kind: 'accepted' | 'overridden' | 'disqualified';
  by: 'repOne' | 'repTwo';
  at: Date;
  /** For `overridden`: never the tier that the shipped rules give. */
  toTier: Tier | null;
  reasonCode: string | null;
  blamedRules: string[];
  worked: 'no' | 'tried' | 'reached' | null;
}

const DAYS = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LEADS = 250;

/**
 * About 250 decided leads of the thirty days before `now`, none of them left open. Some 18 % are
 * overridden, most where the pricing-page rule lifted a lead that did not mean to buy, so that the
 * report points at that rule. The same seed and `now` give the same history.
 */
export function createHistory(seed: number, now: Date): HistoryLead[] {
  const random = createRandom(seed);
  return Array.from({ length: LEADS }, (_, index) => historyLead(random, index, now)).sort(
    (one, other) => one.receivedAt.getTime() - other.receivedAt.getTime(),
  );
}

function historyLead(random: Random, index: number, now: Date): HistoryLead {
  const archetype = random.weighted(ARCHETYPES, ({ weight }) => weight);
  // A day and more ago, so that every decision lies in the past too.
  const age = DAY_MS + random.fraction() * (DAYS - 1.5) * DAY_MS;
  const receivedAt = new Date(Math.round(now.getTime() - age));
  return {
    lead: sampleLead(random, archetype, index, receivedAt),
    source: 'website',
    receivedAt,
    signals: archetype.signals.map(({ source, kind, hoursBefore }) => ({
      source,
      kind,
      occurredAt: new Date(receivedAt.getTime() - hoursBefore * 3_600_000),
    })),
    decisions: decide(random, archetype, receivedAt),
  };
}

function sampleLead(
  random: Random,
  archetype: Archetype,
  index: number,
  receivedAt: Date,
): IncomingLead {
  const number = String(index + 1).padStart(4, '0');
  const { email, fields } = archetype;
  return {
    externalId: `history-${number}`,
    firstName: random.pick(['Dana', 'Robin', 'Kim', 'Noa', 'Sam', 'Alex', 'Mika', 'Lou', 'Sky']),
    lastName: `Sample-${number}`,
    // An underscore cannot be part of a Gmail address: nobody has these.
    email: email === 'free' ? `sample_${number}@gmail.com` : `lead@history-${number}.example`,
    company: `Sample Company ${number}`,
    leadSource: 'Website',
    createdAt: receivedAt.toISOString(),
    ...fields,
    employees: random.between(...archetype.employees),
    country: random.pick(archetype.countries),
  };
}

function decide(random: Random, archetype: Archetype, receivedAt: Date): HistoryDecision[] {
  const by = random.pick(['repOne', 'repTwo'] as const);
  const [fastest, slowest] = archetype.minutesToAccept;
  // Most are quick, some take long: the product of two draws leans to the lower end.
  const minutes = fastest + (slowest - fastest) * random.fraction() * random.fraction();
  const at = new Date(receivedAt.getTime() + Math.round(minutes * MINUTE_MS));
  const none = { toTier: null, reasonCode: null, blamedRules: [], worked: null };
  const accepted: HistoryDecision = { kind: 'accepted', by, at, ...none };
  const wrong = archetype.overrides.find(({ share }) => random.fraction() < share);
  if (wrong === undefined) return [accepted];
  const later = new Date(at.getTime() + random.between(20, 300) * MINUTE_MS);
  const { toTier, reasonCode, blamedRules } = wrong;
  const worked = random.pick(['tried', 'reached', 'reached'] as const);
  const kind = toTier === null ? 'disqualified' : 'overridden';
  const override: HistoryDecision = {
    kind,
    by,
    at: later,
    toTier,
    reasonCode,
    blamedRules: [...blamedRules],
    worked,
  };
  return [accepted, override];
}

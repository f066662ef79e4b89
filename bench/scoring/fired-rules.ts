import type { Axis, Reason } from '../../src/scoring/assessment.ts';
import type { FeatureSnapshot, FeatureValue } from '../../src/scoring/features.ts';
import { DAY_MS, decayLine, grouped, LAST_TRIAL, LAST_VIEW, line } from './handwritten-lines.ts';

/* What the rule engines are given, and what is made of the rules that they say fired: the same for all of them. */

export interface Facts {
  employees: number | null;
  revenue: number | null;
  seniority: string | null;
  role: string | null;
  industry: string | null;
  country: string | null;
  emailKind: string | null;
  domain: string | null;
  topics: string[] | null;
  hasPhone: boolean | null;
  optedOut: boolean | null;
  demos: number | null;
  views: number | null;
  trials: number | null;
  lastView: number;
  lastTrial: number;
}

export interface PeerScore {
  points: number;
  /** Ids; ours and the hand-written one say it with their reasons. */
  fired?: string[];
  /** Ids, where a peer was asked for them. */
  unknown?: string[];
  reasons: Reason[];
}

export function factsOf({ fields, signals, declaredSignals }: FeatureSnapshot, now: number): Facts {
  const facts: Facts = {
    employees: fields['company.employees'] as number | null,
    revenue: fields['company.annual_revenue'] as number | null,
    seniority: fields['lead.seniority'] as string | null,
    role: fields['lead.function'] as string | null,
    industry: fields['company.industry'] as string | null,
    country: fields['lead.country'] as string | null,
    emailKind: fields['lead.email_kind'] as string | null,
    domain: fields['company.domain'] as string | null,
    topics: fields['lead.topics'] as string[] | null,
    hasPhone: fields['lead.has_phone'] as boolean | null,
    optedOut: fields['lead.opted_out'] as boolean | null,
    demos: declaredSignals.includes('demo_requested') ? 0 : null,
    views: declaredSignals.includes('pricing_viewed') ? 0 : null,
    trials: declaredSignals.includes('trial_started') ? 0 : null,
    lastView: 0,
    lastTrial: 0,
  };
  const seenAfter = now - 30 * DAY_MS;
  for (const { kind, occurredAt } of signals) {
    if (kind === 'docs_viewed') continue;
    const at = Date.parse(occurredAt);
    if (at > now) continue;
    const recent = at >= seenAfter ? 1 : 0;
    if (kind === 'pricing_viewed') {
      if (facts.views !== null) facts.views += recent;
      facts.lastView = Math.max(facts.lastView, at);
    } else if (kind === 'trial_started') {
      if (facts.trials !== null) facts.trials += recent;
      facts.lastTrial = Math.max(facts.lastTrial, at);
    } else if (kind === 'demo_requested' && facts.demos !== null) facts.demos += recent;
  }
  return facts;
}

interface Line {
  axis: Axis | null;
  points: number;
  reads: readonly (keyof Facts)[];
  why: (facts: Facts) => string;
}

const LINES = new Map<string, Line>([
  ['fit.size.enterprise', size(25, (count) => `${count} employees: enterprise`)],
  ['fit.size.mid', size(20, (count) => `${count} employees, our sweet spot`)],
  ['fit.size.small', size(10, (count) => `${count} employees`)],
  ['fit.size.tiny', size(-5, (count) => `Only ${count} employees`)],
  ['fit.seniority.decides', onFit(15, 'seniority', ({ seniority }) => `Decides: ${seniority}`)],
  ['fit.seniority.manager', onFit(8, 'seniority', () => 'Runs a team')],
  ['fit.function.buyer', onFit(10, 'role', ({ role }) => `Works where our product does: ${role}`)],
  [
    'fit.industry.target',
    onFit(5, 'industry', (seen) => `${seen.industry} is one of our industries`),
  ],
  ['fit.country.target', onFit(5, 'country', ({ country }) => `We sell in ${country}`)],
  ['fit.email.work', onFit(5, 'emailKind', () => 'Wrote from a work address')],
  ['fit.email.free', onFit(-10, 'emailKind', () => 'Free mail address')],
  ['fit.email.disposable', onFit(-25, 'emailKind', () => 'Throw-away address')],
  ['fit.revenue.large', onFit(8, 'revenue', () => 'Large revenue')],
  ['fit.substance', { ...onFit(4, 'revenue', () => 'Substance'), reads: ['revenue', 'employees'] }],
  ['intent.demo', { ...onIntent(20, 'topics', 'Asked for a demo'), reads: ['topics', 'demos'] }],
  ['intent.pricing', onIntent(10, 'topics', 'Asks about pricing')],
  ['intent.timeline', onIntent(8, 'topics', 'Names a date')],
  ['intent.switching', onIntent(6, 'topics', 'Talks of a trial or of switching')],
  ['intent.pricing-page', onIntent(15, 'views', 'Viewed pricing often')],
  ['intent.trial', onIntent(12, 'trials', 'Started a trial')],
  ['intent.support-only', onIntent(-10, 'topics', 'Asks for support, not to buy')],
  ['intent.phone', { ...onIntent(3, 'country', 'Left a number'), reads: ['country', 'hasPhone'] }],
  ['stop.competitor', bound('domain', 'Works for a competitor')],
  ['stop.opted-out', bound('optedOut', 'Asked not to be contacted')],
  ['floor.named', bound('seniority', 'A decision-maker of a named account')],
]);
const TOPICS = new Set(['intent.demo', 'intent.pricing', 'intent.timeline', 'intent.switching']);

function onFit(points: number, field: keyof Facts, why: (facts: Facts) => string): Line {
  return { axis: 'fit', points, reads: [field], why };
}

function size(points: number, why: (count: string) => string): Line {
  return onFit(points, 'employees', ({ employees }) => why(grouped(employees ?? 0)));
}

function onIntent(points: number, field: keyof Facts, why: string): Line {
  return { axis: 'intent', points, reads: [field], why: () => why };
}

function bound(field: keyof Facts, why: string): Line {
  return { axis: null, points: 0, reads: [field], why: () => why };
}

/**
 * Reasons and points of the rules that fired, with decay, the group's cap and the caps of the axes; and a line for
 * each rule that is said to be unknown.
 */
export function scoreFired(
  fired: string[],
  facts: Facts,
  now: number,
  unknown?: string[],
): PeerScore {
  const reasons: Reason[] = [];
  const sums = { fit: 0, intent: 0 };
  let topics = 0;
  for (const id of fired) {
    const known = LINES.get(id);
    if (known === undefined) continue;
    const { axis, points, why } = known;
    const fields = seenBy(known, facts);
    reasons.push(line(axis === null ? 'tier' : 'rule', id, axis, points, fields, why(facts)));
    if (axis === null) continue;
    if (TOPICS.has(id)) topics += points;
    else sums[axis] += points + decayOf(reasons, id, facts, now);
  }
  const groupTook = Math.min(0, 30 - topics);
  if (groupTook < 0) {
    reasons.push(line('group', 'message-topics', 'intent', groupTook, [], 'At most 30 points'));
  }
  sums.intent += topics + groupTook;
  const points = capped(reasons, 'fit', sums.fit, 60) + capped(reasons, 'intent', sums.intent, 40);
  if (unknown === undefined) return { points, fired, reasons };
  for (const id of unknown) {
    const known = LINES.get(id);
    if (known === undefined) continue;
    const fields = seenBy(known, facts);
    reasons.push(line('unknown', id, known.axis, 0, fields, `unknown, could be ${known.points}`));
  }
  return { points, fired, unknown, reasons };
}

function seenBy({ reads }: Line, facts: Facts): Reason['fields'] {
  return reads.map((name) => ({ name, value: facts[name] as FeatureValue | null }));
}

function decayOf(reasons: Reason[], id: string, { lastView, lastTrial }: Facts, now: number) {
  if (id === 'intent.pricing-page') {
    return decayLine(
      reasons,
      id,
      15,
      now - lastView,
      14,
      LAST_VIEW,
      new Date(lastView).toISOString(),
    );
  }
  if (id !== 'intent.trial') return 0;
  return decayLine(
    reasons,
    id,
    12,
    now - lastTrial,
    21,
    LAST_TRIAL,
    new Date(lastTrial).toISOString(),
  );
}

function capped(reasons: Reason[], axis: Axis, sum: number, cap: number): number {
  if (sum > cap) reasons.push(line('cap', axis, axis, cap - sum, [], `At most ${cap} points`));
  if (sum < 0) reasons.push(line('clamp', axis, axis, -sum, [], 'Not below 0'));
  return Math.max(0, Math.min(cap, sum));
}

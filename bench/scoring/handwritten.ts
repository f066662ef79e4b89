import type { Reason, Tier } from '../../src/scoring/assessment.ts';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import {
  and,
  clean,
  DAY_MS,
  DEMOS,
  decayLine,
  fired,
  flag,
  grouped,
  LAST_TRIAL,
  LAST_VIEW,
  line,
  listed,
  numeric,
  one,
  or,
  TRIALS,
  text,
  two,
  VIEWS,
  words,
} from './handwritten-lines.ts';
import { pushUnknown } from './handwritten-unknown.ts';
import { COMPETITORS, COUNTRIES, INDUSTRIES, NAMED } from './rule-pack.ts';

/*
 * The rules of rule-pack.ts as a good programmer would write them for speed: one pass, no lists of rules, sets
 * made once, three values by hand, every reason and every unknown with what was seen.
 */

export interface Scored {
  points: number;
  fitPoints: number;
  intentPoints: number;
  tier: Tier;
  disqualified: string | null;
  reasons: Reason[];
}

const countries = new Set(COUNTRIES);
const industries = new Set(INDUSTRIES);
const rivals = new Set(COMPETITORS);
const named = new Set(NAMED);

/** `readTime` gives the milliseconds of a text: Date.parse, or something quicker. */
export function scoreByHand(
  lead: FeatureSnapshot,
  now: number,
  readTime: (text: string) => number = Date.parse,
): Scored {
  const { fields } = lead;
  const employees = numeric(fields['company.employees']);
  const revenue = numeric(fields['company.annual_revenue']);
  const seniority = text(fields['lead.seniority']);
  const role = text(fields['lead.function']);
  const industry = text(fields['company.industry']);
  const country = text(fields['lead.country']);
  const emailKind = text(fields['lead.email_kind']);
  const domain = text(fields['company.domain']);
  const topics = listed(fields['lead.topics']);
  const hasPhone = flag(fields['lead.has_phone']);
  const optedOut = flag(fields['lead.opted_out']);
  const seenAfter = now - 30 * DAY_MS;
  let demos: number | undefined = lead.declaredSignals.includes('demo_requested') ? 0 : undefined;
  let views: number | undefined = lead.declaredSignals.includes('pricing_viewed') ? 0 : undefined;
  let trials: number | undefined = lead.declaredSignals.includes('trial_started') ? 0 : undefined;
  let lastView = 0;
  let lastTrial = 0;
  let lastViewText = '';
  let lastTrialText = '';
  for (const { kind, occurredAt } of lead.signals) {
    if (kind === 'docs_viewed') continue;
    const at = readTime(occurredAt);
    if (at > now) continue;
    const isRecent = at >= seenAfter;
    if (kind === 'pricing_viewed') {
      if (isRecent && views !== undefined) views++;
      if (at > lastView) {
        lastView = at;
        lastViewText = occurredAt;
      }
    } else if (kind === 'trial_started') {
      if (isRecent && trials !== undefined) trials++;
      if (at > lastTrial) {
        lastTrial = at;
        lastTrialText = occurredAt;
      }
    } else if (kind === 'demo_requested' && isRecent && demos !== undefined) demos++;
  }

  const reasons: Reason[] = [];
  let fit = 0;
  let intent = 0;

  const sells = country === undefined ? undefined : countries.has(country);
  if (sells === true) {
    fit += 5;
    reasons.push(
      fired(
        'fit.country.target',
        'fit',
        5,
        one('lead.country', country),
        `We sell in ${clean(country ?? '')}`,
      ),
    );
  }
  if (emailKind === 'disposable') {
    fit -= 25;
    reasons.push(
      fired(
        'fit.email.disposable',
        'fit',
        -25,
        one('lead.email_kind', emailKind),
        'Throw-away address',
      ),
    );
  } else if (emailKind === 'free') {
    fit -= 10;
    reasons.push(
      fired('fit.email.free', 'fit', -10, one('lead.email_kind', emailKind), 'Free mail address'),
    );
  } else if (emailKind === 'work') {
    fit += 5;
    reasons.push(
      fired(
        'fit.email.work',
        'fit',
        5,
        one('lead.email_kind', emailKind),
        'Wrote from a work address',
      ),
    );
  }
  if (role === 'sales' || role === 'marketing' || role === 'revops') {
    fit += 10;
    const why = `Works where our product does: ${words(role)}`;
    reasons.push(fired('fit.function.buyer', 'fit', 10, one('lead.function', role), why));
  }
  if (industry !== undefined && industries.has(industry)) {
    fit += 5;
    const why = `${clean(industry)} is one of our industries`;
    reasons.push(fired('fit.industry.target', 'fit', 5, one('company.industry', industry), why));
  }
  if (revenue !== undefined && revenue >= 50_000_000) {
    fit += 8;
    reasons.push(
      fired('fit.revenue.large', 'fit', 8, one('company.annual_revenue', revenue), 'Large revenue'),
    );
  }
  const decides = seniority === 'c_level' || seniority === 'vp' || seniority === 'director';
  if (decides) {
    fit += 15;
    reasons.push(
      fired(
        'fit.seniority.decides',
        'fit',
        15,
        one('lead.seniority', seniority),
        `Decides: ${words(seniority)}`,
      ),
    );
  } else if (seniority === 'manager') {
    fit += 8;
    reasons.push(
      fired('fit.seniority.manager', 'fit', 8, one('lead.seniority', seniority), 'Runs a team'),
    );
  }
  if (employees !== undefined) {
    const seen = one('company.employees', employees);
    const count = grouped(employees);
    if (employees >= 1000) {
      fit += 25;
      reasons.push(fired('fit.size.enterprise', 'fit', 25, seen, `${count} employees: enterprise`));
    } else if (employees >= 200) {
      fit += 20;
      reasons.push(fired('fit.size.mid', 'fit', 20, seen, `${count} employees, our sweet spot`));
    } else if (employees >= 20) {
      fit += 10;
      reasons.push(fired('fit.size.small', 'fit', 10, seen, `${count} employees`));
    } else {
      fit -= 5;
      reasons.push(fired('fit.size.tiny', 'fit', -5, seen, `Only ${count} employees`));
    }
  }
  const substance = or(
    revenue === undefined ? undefined : revenue > 1_000_000,
    employees === undefined ? undefined : employees > 50,
  );
  if (substance === true) {
    fit += 4;
    const seen = two('company.annual_revenue', revenue, 'company.employees', employees);
    reasons.push(fired('fit.substance', 'fit', 4, seen, 'A company of some substance'));
  }

  const asksDemo = topics?.includes('demo');
  const demo = or(asksDemo, demos === undefined ? undefined : demos > 0);
  let topicPoints = 0;
  if (demo === true) {
    topicPoints += 20;
    const seen = two('lead.topics', topics, DEMOS, demos);
    reasons.push(fired('intent.demo', 'intent', 20, seen, 'Asked for a demo'));
  }
  const phone = and(hasPhone, sells);
  if (phone === true) {
    intent += 3;
    const seen = two('lead.country', country, 'lead.has_phone', hasPhone);
    reasons.push(fired('intent.phone', 'intent', 3, seen, 'Left a phone number where we sell'));
  }
  if (topics?.includes('pricing')) {
    topicPoints += 10;
    reasons.push(
      fired('intent.pricing', 'intent', 10, one('lead.topics', topics), 'Asks about pricing'),
    );
  }
  if (views !== undefined && views >= 3) {
    const why = `Viewed pricing ${grouped(views)} times in a month`;
    reasons.push(fired('intent.pricing-page', 'intent', 15, one(VIEWS, views), why));
    intent +=
      15 +
      decayLine(reasons, 'intent.pricing-page', 15, now - lastView, 14, LAST_VIEW, lastViewText);
  }
  if (topics?.includes('support') && asksDemo === false) {
    intent -= 10;
    const seen = one('lead.topics', topics);
    reasons.push(fired('intent.support-only', 'intent', -10, seen, 'Asks for support, not to buy'));
  }
  if (topics !== undefined && (topics.includes('migration') || topics.includes('trial'))) {
    topicPoints += 6;
    const seen = one('lead.topics', topics);
    reasons.push(fired('intent.switching', 'intent', 6, seen, 'Talks of a trial or of switching'));
  }
  if (topics?.includes('timeline')) {
    topicPoints += 8;
    reasons.push(fired('intent.timeline', 'intent', 8, one('lead.topics', topics), 'Names a date'));
  }
  if (trials !== undefined && trials > 0) {
    reasons.push(fired('intent.trial', 'intent', 12, one(TRIALS, trials), 'Started a trial'));
    intent +=
      12 + decayLine(reasons, 'intent.trial', 12, now - lastTrial, 21, LAST_TRIAL, lastTrialText);
  }
  if (topicPoints > 30) {
    const why = '"message-topics" counts at most 30 points';
    reasons.push(line('group', 'message-topics', 'intent', 30 - topicPoints, [], why));
    topicPoints = 30;
  }
  intent += topicPoints;

  const fitPoints = Math.max(0, Math.min(60, fit));
  const intentPoints = Math.max(0, Math.min(40, intent));
  if (fit > 60)
    reasons.push(line('cap', 'fit', 'fit', 60 - fit, [], 'Fit counts at most 60 points'));
  if (intent > 40) {
    reasons.push(
      line('cap', 'intent', 'intent', 40 - intent, [], 'Intent counts at most 40 points'),
    );
  }
  if (fit < 0) reasons.push(line('clamp', 'fit', 'fit', -fit, [], 'Fit does not go below 0'));
  if (intent < 0) {
    reasons.push(line('clamp', 'intent', 'intent', -intent, [], 'Intent does not go below 0'));
  }

  const isNamed = and(
    domain === undefined ? undefined : named.has(domain),
    seniority === undefined ? undefined : decides,
  );
  pushUnknown(reasons, {
    country,
    emailKind,
    role,
    industry,
    revenue,
    seniority,
    employees,
    topics,
    hasPhone,
    domain,
    optedOut,
    demos,
    views,
    trials,
    substance,
    demo,
    phone,
    isNamed,
  });
  const points = fitPoints + intentPoints;
  let tier: Tier =
    points >= 70 && intentPoints >= 15 ? 'A' : points >= 50 ? 'B' : points >= 25 ? 'C' : 'D';
  if (isNamed === true && (tier === 'C' || tier === 'D')) {
    tier = 'B';
    reasons.push(
      line(
        'tier',
        'floor.named',
        null,
        0,
        [],
        'A decision-maker of a named account: at least tier B',
      ),
    );
  }
  let disqualified: string | null = null;
  if (domain !== undefined && rivals.has(domain)) {
    disqualified = 'competitor';
    reasons.push(
      line(
        'tier',
        'stop.competitor',
        null,
        0,
        [],
        'Works for a competitor: disqualified (competitor)',
      ),
    );
  }
  if (optedOut === true) {
    disqualified ??= 'opted_out';
    reasons.push(
      line(
        'tier',
        'stop.opted-out',
        null,
        0,
        [],
        'Asked not to be contacted: disqualified (opted_out)',
      ),
    );
  }
  if (disqualified !== null) tier = 'D';
  return { points, fitPoints, intentPoints, tier, disqualified, reasons };
}

import type { RuleFiles } from '../../src/scoring/compile-ruleset.ts';

/** 25 rules of the kinds that teams write: buckets, lists, signals, decay, caps, hard stops, a floor. */
export function benchRules(): RuleFiles {
  return Object.fromEntries(
    Object.entries({
      'model.yml': MODEL,
      'fit.yml': FIT,
      'intent.yml': INTENT,
      'disqualify.yml': DISQUALIFY,
      'routing.yml': ROUTING,
    }).map(([name, content]) => [name, JSON.stringify(content)]),
  );
}

export const COUNTRIES = ['US', 'CA', 'GB', 'IE', 'DE', 'FR', 'NL', 'BE', 'ES', 'IT', 'SE', 'AU'];
export const INDUSTRIES = ['Software', 'Banking', 'Insurance', 'Healthcare', 'Retail'];
export const COMPETITORS = ['rival.example', 'other-rival.example'];
export const NAMED = ['northwind.example', 'contoso.example', 'fabrikam.example'];
export const KINDS = ['demo_requested', 'pricing_viewed', 'trial_started', 'docs_viewed'];

const tier = (points: number, more = {}) => ({ points, sla_minutes: 60, ...more });

const MODEL = {
  caps: { fit: 60, intent: 40 },
  tiers: { A: tier(70, { intent: 15 }), B: tier(50), C: tier(25), D: tier(0) },
  mql: { points: 50 },
  override_reasons: [{ code: 'other', label: 'Other' }],
  disqualify_reasons: [
    { code: 'competitor', label: 'Works for a competitor' },
    { code: 'opted_out', label: 'Opted out of contact' },
  ],
  signals: { website: KINDS },
  lists: {
    countries: COUNTRIES,
    industries: INDUSTRIES,
    competitors: COMPETITORS,
    named: NAMED,
  },
};

function rule(id: string, when: string, points: number, why: string, more = {}) {
  return { id, axis: id.startsWith('fit') ? 'fit' : 'intent', when, points, why, ...more };
}

const SIZE = { group: 'company-size' };
const TOPICS = { group: 'message-topics' };

const FIT = {
  groups: [{ id: 'company-size', pick: 'first' }],
  rules: [
    rule(
      'fit.size.enterprise',
      'company.employees >= 1000',
      25,
      '{company.employees} employees: enterprise',
      SIZE,
    ),
    rule(
      'fit.size.mid',
      'company.employees >= 200 && company.employees < 1000',
      20,
      '{company.employees} employees, our sweet spot',
      SIZE,
    ),
    rule(
      'fit.size.small',
      'company.employees >= 20 && company.employees < 200',
      10,
      '{company.employees} employees',
      SIZE,
    ),
    rule('fit.size.tiny', 'company.employees < 20', -5, 'Only {company.employees} employees', SIZE),
    rule(
      'fit.seniority.decides',
      'lead.seniority in ["c_level", "vp", "director"]',
      15,
      'Decides: {lead.seniority}',
    ),
    rule('fit.seniority.manager', 'lead.seniority == "manager"', 8, 'Runs a team'),
    rule(
      'fit.function.buyer',
      'lead.function in ["sales", "marketing", "revops"]',
      10,
      'Works where our product does: {lead.function}',
    ),
    rule(
      'fit.industry.target',
      'company.industry in lists.industries',
      5,
      '{company.industry} is one of our industries',
    ),
    rule('fit.country.target', 'lead.country in lists.countries', 5, 'We sell in {lead.country}'),
    rule('fit.email.work', 'lead.email_kind == "work"', 5, 'Wrote from a work address'),
    rule('fit.email.free', 'lead.email_kind == "free"', -10, 'Free mail address'),
    rule('fit.email.disposable', 'lead.email_kind == "disposable"', -25, 'Throw-away address'),
    rule('fit.revenue.large', 'company.annual_revenue >= 50000000.0', 8, 'Large revenue'),
    rule(
      'fit.substance',
      'company.annual_revenue > 1000000.0 || company.employees > 50',
      4,
      'A company of some substance',
    ),
  ],
};

const INTENT = {
  groups: [{ id: 'message-topics', pick: 'sum', cap: 30 }],
  rules: [
    rule(
      'intent.demo',
      '"demo" in lead.topics || signals.has("demo_requested", days(30))',
      20,
      'Asked for a demo',
      TOPICS,
    ),
    rule('intent.pricing', '"pricing" in lead.topics', 10, 'Asks about pricing', TOPICS),
    rule('intent.timeline', '"timeline" in lead.topics', 8, 'Names a date', TOPICS),
    rule(
      'intent.switching',
      '"migration" in lead.topics || "trial" in lead.topics',
      6,
      'Talks of a trial or of switching',
      TOPICS,
    ),
    rule(
      'intent.pricing-page',
      'signals.count("pricing_viewed", days(30)) >= 3',
      15,
      'Viewed pricing {signals.count("pricing_viewed", days(30))} times in a month',
      { decay: { since: 'signals.last("pricing_viewed")', half_life: '14d' } },
    ),
    rule('intent.trial', 'signals.has("trial_started", days(30))', 12, 'Started a trial', {
      decay: { since: 'signals.last("trial_started")', half_life: '21d' },
    }),
    rule(
      'intent.support-only',
      '"support" in lead.topics && !("demo" in lead.topics)',
      -10,
      'Asks for support, not to buy',
    ),
    rule(
      'intent.phone',
      'lead.has_phone && lead.country in lists.countries',
      3,
      'Left a phone number where we sell',
    ),
  ],
};

const DISQUALIFY = {
  stops: [
    {
      id: 'stop.competitor',
      code: 'competitor',
      when: 'company.domain in lists.competitors',
      why: 'Works for a competitor',
    },
    {
      id: 'stop.opted-out',
      code: 'opted_out',
      when: 'lead.opted_out',
      why: 'Asked not to be contacted',
    },
  ],
  floors: [
    {
      id: 'floor.named',
      tier: 'B',
      when: 'company.domain in lists.named && lead.seniority in ["c_level", "vp", "director"]',
      why: 'A decision-maker of a named account',
    },
  ],
};

const ROUTING = {
  teams: [
    {
      id: 'all',
      channel: 'all',
      reps: [],
      assignment: 'round_robin',
      hours: { time_zone: 'UTC', days: ['mon'], from: '09:00', to: '17:00' },
    },
  ],
  routes: [{ id: 'route.all', team: 'all' }],
};

import type { Reason } from '../../src/scoring/assessment.ts';
import { DEMOS, type Known, line, TRIALS, two, unknownOne, VIEWS } from './handwritten-lines.ts';

/** All that the rules read of a lead, and the answers that can hang on more than one field. */
export interface Seen {
  country: string | undefined;
  emailKind: string | undefined;
  role: string | undefined;
  industry: string | undefined;
  revenue: number | undefined;
  seniority: string | undefined;
  employees: number | undefined;
  topics: string[] | undefined;
  hasPhone: boolean | undefined;
  domain: string | undefined;
  optedOut: boolean | undefined;
  demos: number | undefined;
  views: number | undefined;
  trials: number | undefined;
  substance: Known;
  demo: Known;
  phone: Known;
  isNamed: Known;
}

/** A line for each rule that could not be judged, in order. */
export function pushUnknown(reasons: Reason[], seen: Seen): void {
  const { country, emailKind, role, industry, revenue, seniority, employees, topics } = seen;
  const { hasPhone, domain, optedOut, demos, views, trials } = seen;
  const { substance, demo, phone, isNamed } = seen;
  if (country === undefined)
    unknownOne(
      reasons,
      'fit.country.target',
      'fit',
      'lead.country',
      'country unknown, could be +5',
    );
  if (emailKind === undefined) {
    unknownOne(
      reasons,
      'fit.email.disposable',
      'fit',
      'lead.email_kind',
      'e-mail kind unknown, could be -25',
    );
    unknownOne(
      reasons,
      'fit.email.free',
      'fit',
      'lead.email_kind',
      'e-mail kind unknown, could be -10',
    );
    unknownOne(
      reasons,
      'fit.email.work',
      'fit',
      'lead.email_kind',
      'e-mail kind unknown, could be +5',
    );
  }
  if (role === undefined)
    unknownOne(
      reasons,
      'fit.function.buyer',
      'fit',
      'lead.function',
      'job function unknown, could be +10',
    );
  if (industry === undefined)
    unknownOne(
      reasons,
      'fit.industry.target',
      'fit',
      'company.industry',
      'industry unknown, could be +5',
    );
  if (revenue === undefined)
    unknownOne(
      reasons,
      'fit.revenue.large',
      'fit',
      'company.annual_revenue',
      'annual revenue unknown, could be +8',
    );
  if (seniority === undefined) {
    unknownOne(
      reasons,
      'fit.seniority.decides',
      'fit',
      'lead.seniority',
      'seniority unknown, could be +15',
    );
    unknownOne(
      reasons,
      'fit.seniority.manager',
      'fit',
      'lead.seniority',
      'seniority unknown, could be +8',
    );
  }
  if (employees === undefined) {
    unknownOne(
      reasons,
      'fit.size.enterprise',
      'fit',
      'company.employees',
      'company size unknown, could be +25',
    );
    unknownOne(
      reasons,
      'fit.size.mid',
      'fit',
      'company.employees',
      'company size unknown, could be +20',
    );
    unknownOne(
      reasons,
      'fit.size.small',
      'fit',
      'company.employees',
      'company size unknown, could be +10',
    );
    unknownOne(
      reasons,
      'fit.size.tiny',
      'fit',
      'company.employees',
      'company size unknown, could be -5',
    );
  }
  if (substance === undefined) {
    const what =
      revenue !== undefined
        ? 'company size'
        : employees !== undefined
          ? 'annual revenue'
          : 'annual revenue and company size';
    const both = two('company.annual_revenue', revenue, 'company.employees', employees);
    reasons.push(line('unknown', 'fit.substance', 'fit', 0, both, `${what} unknown, could be +4`));
  }
  if (demo === undefined) {
    const what =
      topics !== undefined
        ? 'demo requested signals'
        : demos !== undefined
          ? 'message topics'
          : 'demo requested signals and message topics';
    const both = two('lead.topics', topics, DEMOS, demos);
    reasons.push(
      line('unknown', 'intent.demo', 'intent', 0, both, `${what} unknown, could be +20`),
    );
  }
  if (phone === undefined) {
    const what =
      hasPhone !== undefined
        ? 'country'
        : country !== undefined
          ? 'phone number given'
          : 'country and phone number given';
    const both = two('lead.country', country, 'lead.has_phone', hasPhone);
    reasons.push(
      line('unknown', 'intent.phone', 'intent', 0, both, `${what} unknown, could be +3`),
    );
  }
  if (topics === undefined)
    unknownOne(
      reasons,
      'intent.pricing',
      'intent',
      'lead.topics',
      'message topics unknown, could be +10',
    );
  if (views === undefined)
    unknownOne(
      reasons,
      'intent.pricing-page',
      'intent',
      VIEWS,
      'pricing viewed signals unknown, could be +15',
    );
  if (topics === undefined) {
    unknownOne(
      reasons,
      'intent.support-only',
      'intent',
      'lead.topics',
      'message topics unknown, could be -10',
    );
    unknownOne(
      reasons,
      'intent.switching',
      'intent',
      'lead.topics',
      'message topics unknown, could be +6',
    );
    unknownOne(
      reasons,
      'intent.timeline',
      'intent',
      'lead.topics',
      'message topics unknown, could be +8',
    );
  }
  if (trials === undefined)
    unknownOne(
      reasons,
      'intent.trial',
      'intent',
      TRIALS,
      'trial started signals unknown, could be +12',
    );

  if (isNamed === undefined) {
    const what =
      domain !== undefined
        ? 'seniority'
        : seniority !== undefined
          ? 'company domain'
          : 'company domain and seniority';
    const both = two('company.domain', domain, 'lead.seniority', seniority);
    reasons.push(
      line('unknown', 'floor.named', null, 0, both, `${what} unknown, could be at least tier B`),
    );
  }
  if (domain === undefined)
    unknownOne(
      reasons,
      'stop.competitor',
      null,
      'company.domain',
      'company domain unknown, could be disqualified (competitor)',
    );
  if (optedOut === undefined)
    unknownOne(
      reasons,
      'stop.opted-out',
      null,
      'lead.opted_out',
      'opted out unknown, could be disqualified (opted_out)',
    );
}

import fc from 'fast-check';
import type { ArbitraryPack } from './arbitrary-rules.ts';

/** Sentences of rules: fixed ones, filled-in ones, odd ones. */
const WHYS = [
  'Plain words',
  '  spaces around  ',
  '{company.employees} employees',
  '{company.employees}{lead.country}',
  'In {lead.country}, {lead.seniority}; {lead.topics}',
  '{{braces}} {lead.has_phone}',
  'Seen {signals.count("seen", days(7))} times, last {signals.last("seen")}',
  '{signals.last("gone")} ago {now - signals.last("seen")}',
  '{company.annual_revenue} of {company.employees * 2}',
  'hidden \u200b\u202e characters {lead.email_domain}',
  '{lead.email_domain}',
  ' {lead.country} ',
];

/** The same pack with sentences and dates of expiry on some of its rules. */
export function withSentences(packs: fc.Arbitrary<ArbitraryPack>): fc.Arbitrary<ArbitraryPack> {
  const extra = fc.record({
    why: fc.option(fc.constantFrom(...WHYS), { nil: undefined }),
    expires: fc.option(fc.constantFrom('2026-01-01', '2026-06-03', '2027-01-01'), {
      nil: undefined,
      freq: 6,
    }),
  });
  return fc.tuple(packs, fc.array(extra, { minLength: 7, maxLength: 7 })).map(([pack, extras]) => {
    const rules = pack.rules.map((rule, index) => {
      const { why, expires } = extras[index] ?? {};
      return {
        ...rule,
        ...(why === undefined ? {} : { why }),
        ...(expires === undefined ? {} : { expires }),
      };
    });
    return { ...pack, rules };
  });
}

/** Field values that a lead is not supposed to have. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e308,
    -0,
    2 ** 60,
    '',
    '__proto__',
    'a\u202eb\u0000c',
    ' padded ',
    'x'.repeat(200),
    '\ud800',
  ),
  fc.string({ unit: 'binary' }),
  fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
  fc.double(),
  fc.maxSafeInteger(),
);

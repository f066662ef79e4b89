import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncomingLead } from '../../src/lead/lead.ts';
import { normaliseLead } from '../../src/lead/normalise-lead.ts';
import { watchCpu } from '../support/watch-cpu.ts';
import { anyText } from './any-text.ts';
import { MAIL_DOMAINS, normalised, RECEIVED_AT, SAMPLE } from './sample-lead.ts';

const hostile = fc.oneof(
  anyText(300),
  fc.string({
    unit: fc.constantFrom(
      '\u0000',
      '\u202e',
      '\u200b',
      '\ud800',
      '<',
      '!',
      '@',
      'a',
      '.',
      '+',
      '9',
      ' ',
    ),
  }),
  fc.constantFrom(
    '<!channel>',
    '<https://x.example|y>',
    '__proto__',
    'n/a',
    '-',
    '99999999999999999999',
  ),
);
const maybe = fc.option(hostile, { nil: undefined });

const anyIncoming = fc
  .record({
    externalId: anyText(255).map((text) => text || 'x'),
    firstName: maybe,
    lastName: maybe,
    email: maybe,
    phone: maybe,
    title: maybe,
    company: maybe,
    website: maybe,
    country: maybe,
    industry: maybe,
    employees: fc.oneof(maybe, fc.double()),
    annualRevenue: fc.oneof(maybe, fc.double()),
    message: maybe,
    leadSource: maybe,
    crmId: maybe,
    createdAt: maybe,
  })
  .map((fields) => JSON.parse(JSON.stringify(fields)) as IncomingLead);

describe('normaliseLead', () => {
  it('cleans a full lead', () => {
    expect(normalised(SAMPLE)).toEqual({
      externalId: 'form-1',
      crmId: null,
      source: 'web-form',
      firstName: 'Ada',
      lastName: 'Sample',
      email: 'ada.sample@acme.example',
      emailKind: 'work',
      emailDomain: 'acme.example',
      phone: '+12025550123',
      title: 'VP, Sales Ops',
      seniority: 'vp',
      jobFunction: 'revops',
      company: 'Acme Example',
      companyDomain: 'acme.example',
      country: 'US',
      industry: 'Software',
      employees: 1200,
      annualRevenue: null,
      message: 'We would like a demo and pricing this quarter.',
      topics: ['demo', 'pricing', 'timeline'],
      leadSource: 'Website',
      campaign: null,
      optedOut: null,
      ownerCrmId: null,
      status: null,
      createdAt: RECEIVED_AT,
      custom: {},
      quality: [{ field: 'annualRevenue', problem: 'missing', detail: 'not given' }],
    });
  });

  it('takes the company from a work e-mail when there is no site, never from a free one', () => {
    expect(normalised({ email: 'a@sales.acme.co.uk' }).companyDomain).toBe('acme.co.uk');
    const free = normalised({ email: 'a@freemail.example' });
    expect(free).toMatchObject({ emailKind: 'free', companyDomain: null });
    expect(free.quality).toContainEqual(
      expect.objectContaining({ field: 'companyDomain', problem: 'missing' }),
    );
    expect(normalised({ email: 'a@throwaway.example' }).emailKind).toBe('disposable');
  });

  it('notes what it could not use instead of guessing', () => {
    const lead = normalised({
      email: 'not an address',
      phone: '030 12345678',
      crmId: '00Q000000000001',
      country: 'Atlantis',
      employees: -4,
      title: 'wizard',
      company: '[not provided]',
      createdAt: '2999-01-01T00:00:00Z',
    });
    expect(lead).toMatchObject({
      email: null,
      phone: null,
      country: null,
      employees: null,
      company: null,
    });
    expect(lead).toMatchObject({ seniority: null, jobFunction: null, createdAt: RECEIVED_AT });
    expect(lead.quality.map((note) => `${note.field} ${note.problem}`)).toEqual(
      expect.arrayContaining([
        'email invalid',
        'phone invalid',
        'country unrecognised',
        'employees invalid',
        'title unrecognised',
        'company missing',
        'createdAt invalid',
      ]),
    );
  });

  it('notes shortened text and removed characters', () => {
    const lead = normalised({
      email: 'a@b.example',
      firstName: 'A'.repeat(10_000),
      lastName: '\u202eeve\u0000',
    });
    expect(lead.firstName).toHaveLength(80);
    expect(lead.lastName).toBe('eve');
    expect(lead.quality.map((note) => `${note.field} ${note.problem}`)).toEqual(
      expect.arrayContaining(['firstName truncated', 'lastName hidden_characters']),
    );
  });

  it('gives one record one CRM id, short or long', () => {
    expect(normalised({ crmId: '00Q000000000abC' }).crmId).toBe(
      normalised({ crmId: '00Q000000000abCEAQ' }).crmId,
    );
  });

  it.each<[string, Partial<IncomingLead>, boolean]>([
    ['nothing', {}, false],
    ['a name alone', { lastName: 'Sample' }, false],
    ['a company alone', { company: 'Acme' }, false],
    ['an unusable e-mail', { email: 'n/a' }, false],
    ['a name with a company', { lastName: 'Sample', company: 'Acme' }, true],
    ['a phone', { phone: '+442079460958' }, true],
    ['a CRM id', { crmId: '00Q000000000001AAA' }, true],
  ])('needs somebody to call: %s', (_, fields, isUsable) => {
    const result = normaliseLead({ externalId: 'x', ...fields }, 'web', RECEIVED_AT, MAIL_DOMAINS);
    expect(result).toMatchObject(isUsable ? { ok: true } : { ok: false, reason: 'no-identity' });
  });

  it('never throws, and holds nothing that Postgres or a screen would choke on', () => {
    fc.assert(
      fc.property(anyIncoming, (incoming) => {
        const result = normaliseLead(incoming, 'web', RECEIVED_AT, MAIL_DOMAINS);
        if (!result.ok) return;
        const text = JSON.stringify(result.lead);
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f]|[\u202a-\u202e\u2066-\u2069\u200b]/);
        expect(result.lead.employees ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('is idempotent: a cleaned lead cleans to itself', () => {
    fc.assert(
      fc.property(anyIncoming, (incoming) => {
        const first = normaliseLead(incoming, 'web', RECEIVED_AT, MAIL_DOMAINS);
        if (!first.ok) return;
        const { quality: _, ...lead } = first.lead;
        const again = normaliseLead(backToIncoming(first.lead), 'web', RECEIVED_AT, MAIL_DOMAINS);
        expect(again).toMatchObject({ ok: true, lead });
      }),
      { numRuns: 500 },
    );
  });

  it('takes linear time on long text', () => {
    for (const unit of [
      'a',
      ' ',
      '@',
      'a@',
      '.',
      '1,',
      '\u0301',
      '\u200b',
      '<',
      'a.b-',
      'vice president ',
      '\n',
    ]) {
      const long = unit.repeat(100_000 / unit.length);
      const spentMs = watchCpu();
      normaliseLead(
        {
          externalId: 'x',
          lastName: long,
          email: long,
          phone: long,
          title: long,
          company: long,
          website: long,
          country: long,
          employees: long,
          annualRevenue: long,
          message: long,
        },
        'web',
        RECEIVED_AT,
        MAIL_DOMAINS,
      );
      expect(spentMs(), JSON.stringify(unit)).toBeLessThan(500);
    }
  });
});

function backToIncoming(lead: ReturnType<typeof normalised>): IncomingLead {
  const { topics: _, quality: __, createdAt, companyDomain, ...fields } = lead;
  const website = companyDomain ?? undefined;
  const entries = Object.entries({ ...fields, website }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(entries), createdAt: createdAt.toISOString() } as IncomingLead;
}

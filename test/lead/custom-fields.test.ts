import { describe, expect, it } from 'vitest';
import { parseLeadJson } from '../../src/intake/parse-lead-json.ts';
import { mergeLead } from '../../src/lead/identity.ts';
import type { CustomValues, IncomingLead } from '../../src/lead/lead.ts';
import { leadFeatures } from '../../src/lead/lead-features.ts';
import { fieldCatalog } from '../../src/scoring/features.ts';
import { normalised, RECEIVED_AT, SAMPLE } from './sample-lead.ts';

const CATALOG = fieldCatalog({
  budget_approved: { type: 'bool' },
  plan: { type: 'string', values: ['free', 'Pro'] },
  seats: { type: 'int' },
  spend: { type: 'double' },
  region: { type: 'string' },
});

function features(custom: CustomValues) {
  const { fields } = leadFeatures(normalised({ ...SAMPLE, custom }), [], [], CATALOG);
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name.startsWith('custom.') ? [[name.slice('custom.'.length), value]] : [],
    ),
  );
}

function sent(data: unknown): IncomingLead['custom'] {
  const record = { format: 'json' as const, type: null, timestamp: null, data };
  const read = parseLeadJson(record, 'sample');
  return read.ok ? read.lead.custom : undefined;
}

describe("a lead's own fields", () => {
  it('are read from a webhook however their names are written; lists and objects are none', () => {
    const custom = { 'Budget Approved': 'yes', seats: 40, tags: ['a'], more: { a: 1 } };
    expect(sent({ email: 'ada@acme.example', custom })).toEqual({
      budgetapproved: 'yes',
      seats: 40,
    });
    expect(sent({ email: 'ada@acme.example', customFields: { Plan: 'pro' } })).toEqual({
      plan: 'pro',
    });
    expect(sent({ email: 'ada@acme.example' })).toBeUndefined();
  });

  it('become features of their declared type', () => {
    expect(
      features({ budgetapproved: 'Yes', plan: 'PRO', seats: '40', spend: '12.5', region: 'South' }),
    ).toEqual({ budget_approved: true, plan: 'Pro', seats: 40, spend: 12.5, region: 'South' });
  });

  it('are missing when absent, a placeholder, undeclared or of another type', () => {
    const wrong = {
      budgetapproved: 'maybe',
      plan: 'gold',
      seats: '4e2',
      spend: 'NaN',
      region: 'n/a',
    };
    const none = { budget_approved: null, plan: null, seats: null, spend: null, region: null };
    expect(features(wrong)).toEqual(none);
    expect(features({ secret: 'x' })).toEqual(none);
    expect(features(JSON.parse('{"__proto__": 1, "constructor": 2}'))).toEqual(none);
  });

  it('that hold an address or a number of a person are not shown to rules', () => {
    expect(features({ region: 'ask ada@acme.example' }).region).toBeNull();
    expect(features({ region: 'call +1 202 555 0123' }).region).toBeNull();
  });

  it('of a later touch win, one by one', () => {
    const existing = normalised({ ...SAMPLE, custom: { plan: 'free', seats: 4 } });
    const incoming = normalised({ ...SAMPLE, custom: { plan: 'pro' } });
    const { lead, changed } = mergeLead(existing, incoming, RECEIVED_AT);
    expect(lead.custom).toEqual({ plan: 'pro', seats: 4 });
    expect(changed).toEqual(['custom']);
  });
});

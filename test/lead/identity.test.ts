import { describe, expect, it } from 'vitest';
import { identityKeys, isSamePerson, mergeLead } from '../../src/lead/identity.ts';
import type { Lead } from '../../src/lead/lead.ts';
import { leadFeatures } from '../../src/lead/lead-features.ts';
import { parseShortId, shortId } from '../../src/lead/short-id.ts';
import { FeatureSnapshot, FIELD_NAMES } from '../../src/scoring/features.ts';
import { normalised, RECEIVED_AT, SAMPLE } from './sample-lead.ts';

describe('identity', () => {
  it('names a person by CRM id, e-mail and record, strongest first', () => {
    const lead = normalised({ ...SAMPLE, crmId: '00Q000000000001AAA' });
    expect(identityKeys(lead).map((key) => key.kind)).toEqual(['crm', 'email', 'record']);
  });

  it('joins by CRM id or e-mail, never by phone or name', () => {
    const one = normalised({ ...SAMPLE, externalId: 'a' });
    expect(
      isSamePerson(one, normalised({ externalId: 'b', email: 'ADA.sample@acme.example' }, 'crm')),
    ).toBe(true);
    const sameDesk = {
      firstName: 'Ada',
      lastName: 'Sample',
      phone: '+12025550123',
      company: 'Acme Example',
    };
    expect(isSamePerson(one, normalised({ ...sameDesk, externalId: 'b' }))).toBe(false);
  });
});

describe('mergeLead', () => {
  it('takes the newest value and never wipes one with nothing', () => {
    const existing = normalised(SAMPLE);
    const incoming = normalised(
      { externalId: 'z', email: SAMPLE.email ?? '', company: 'Acme Renamed' },
      'chat',
    );
    const { lead, changed } = mergeLead(existing, incoming, RECEIVED_AT);
    expect(changed).toEqual(['company']);
    expect(lead).toMatchObject({
      company: 'Acme Renamed',
      phone: '+12025550123',
      externalId: 'form-1',
      source: 'web-form',
    });
    for (const [field, value] of Object.entries(existing)) {
      if (value !== null) expect(lead[field as keyof Lead], field).not.toBe(null);
    }
  });

  it('keeps what is derived from one value together', () => {
    const { lead, changed } = mergeLead(
      normalised(SAMPLE),
      normalised({ email: 'a@b.example', title: 'wizard' }),
      RECEIVED_AT,
    );
    expect(lead).toMatchObject({ title: 'wizard', seniority: null, jobFunction: null });
    expect(lead).toMatchObject({ email: 'a@b.example', emailDomain: 'b.example' });
    expect(changed).toEqual(expect.arrayContaining(['title', 'seniority', 'emailDomain']));
    expect(lead.quality).toContainEqual(
      expect.objectContaining({ field: 'title', problem: 'unrecognised' }),
    );
  });

  it('keeps the note of a value that stays, and says nothing changed the second time', () => {
    const existing = normalised({ ...SAMPLE, employees: '200-500' });
    const incoming = normalised({ email: 'ada.sample@acme.example', phone: 'call me' });
    const once = mergeLead(existing, incoming, RECEIVED_AT);
    expect(once.lead.quality).toContainEqual(
      expect.objectContaining({ field: 'employees', problem: 'truncated' }),
    );
    const twice = mergeLead(once.lead, incoming, RECEIVED_AT);
    expect(twice.changed).toEqual([]);
    expect(twice.lead).toEqual(once.lead);
  });

  it('links the CRM record once', () => {
    const linked = mergeLead(
      normalised(SAMPLE),
      normalised({ crmId: '00Q000000000001AAA' }),
      RECEIVED_AT,
    );
    expect(linked.changed).toEqual(['crmId']);
    const again = mergeLead(linked.lead, normalised({ crmId: '00Q000000000002AAA' }), RECEIVED_AT);
    expect(again.lead.crmId).toBe('00Q000000000001AAA');
  });
});

describe('a name that differs only in how it is written', () => {
  const named = (firstName: string, lastName: string, company = 'Example Freight') =>
    normalised({ ...SAMPLE, firstName, lastName, company });
  const writtenAgain = (existing: Lead, incoming: Lead) =>
    mergeLead(existing, incoming, RECEIVED_AT);

  it.each([
    ['shouted', 'Dana', 'DANA'],
    ['in small letters', 'Dana', 'dana'],
    ['without its accents', 'Zo\u00EB', 'Zoe'],
    ['shouted, without a space and accents', 'Ana Mar\u00EDa', 'ANAMARIA'],
  ])('stays as it was when the later one is %s', (_how, first, later) => {
    const { lead, changed } = writtenAgain(named(first, 'Sample'), named(later, 'SAMPLE'));
    expect(lead).toMatchObject({ firstName: first, lastName: 'Sample' });
    expect(changed).toEqual([]);
  });

  it('is mended by a later one that is written better, or as well', () => {
    expect(writtenAgain(named('DANA', 'sample'), named('Dana', 'Sample')).lead).toMatchObject({
      ...{ firstName: 'Dana', lastName: 'Sample' },
    });
    expect(writtenAgain(named('Dana', 'Mcsample'), named('Dana', 'McSample')).lead.lastName).toBe(
      'McSample',
    );
  });

  it('is replaced by another name, however that is written', () => {
    expect(writtenAgain(named('Dana', 'Sample'), named('DANA', 'EXAMPLE')).lead.lastName).toBe(
      'EXAMPLE',
    );
  });

  it('counts for the company too', () => {
    const { lead } = writtenAgain(
      named('Dana', 'Sample'),
      named('Dana', 'Sample', 'EXAMPLE FREIGHT'),
    );
    expect(lead.company).toBe('Example Freight');
  });
});

describe('topics of several messages', () => {
  const from = (message: string) => normalised({ ...SAMPLE, message });
  const daysLater = (days: number) => new Date(RECEIVED_AT.getTime() + days * 86_400_000);
  const merged = (lead: Lead, message: string, days: number) =>
    mergeLead(lead, from(message), daysLater(days)).lead;

  it('keep a demo request when the same person asks for news', () => {
    const first = from('We would like a demo and pricing.');
    const { lead, changed } = mergeLead(first, from('Any news?'), daysLater(4));
    expect(lead).toMatchObject({ message: 'Any news?', topics: ['demo', 'pricing'] });
    expect(changed).toEqual(['message']);
    expect(merged(lead, 'By the way, we are switching from another tool.', 6).topics).toEqual([
      'demo',
      'pricing',
      'migration',
    ]);
  });

  it('forget a topic 30 days after it was last named, however often somebody writes', () => {
    const asked = merged(from('We would like a demo.'), 'What does it cost? The price?', 20);
    expect(merged(asked, 'Any news?', 30).topics).toEqual(['demo', 'pricing']);
    expect(merged(asked, 'Any news?', 31).topics).toEqual(['pricing']);
    expect(merged(merged(asked, 'Any news?', 31), 'Hello?', 51).topics).toEqual([]);
    expect(merged(asked, 'A demo, please.', 31).topics).toEqual(['demo', 'pricing']);
  });

  it('do not become newer when a record is sent again word for word', () => {
    const again = merged(from('We would like a demo.'), 'We would like a demo.', 20);
    expect(merged(again, 'Any news?', 31).topics).toEqual([]);
    expect(merged(again, 'We would like a demo.', 400).topics).toEqual(['demo']);
  });

  it('stay as they are when a touch has no message, and when the record is older than this rule', () => {
    const first = from('We would like a demo.');
    const touched = mergeLead(first, normalised({ phone: '+12025550199' }), daysLater(400));
    expect(touched.lead).toMatchObject({ message: 'We would like a demo.', topics: ['demo'] });
    const { topicsNamedAt: _, ...stored } = first;
    expect(merged(stored, 'Any news?', 10).topics).toEqual(['demo']);
    expect(merged(stored, 'Any news?', 31).topics).toEqual([]);
  });

  // A stop on a topic holds for as long as the topic counts: nobody talks himself out of one with a second
  // message. The seed's stops for vendors and job seekers spare those who also ask for a demo, so a buyer who
  // mentions a job opening later is not stopped either. Opting out is no topic: it never ages.
  it('keep what a stop reads', () => {
    expect(merged(from('A question for my thesis.'), 'Any news?', 5).topics).toEqual([
      'coursework',
    ]);
    expect(merged(from('Are you hiring?'), 'Any news?', 5).topics).toEqual(['jobs']);
    expect(merged(from('We would like a demo.'), 'Are you hiring?', 5).topics).toEqual([
      'demo',
      'jobs',
    ]);
    const optedOut = normalised({ ...SAMPLE, optedOut: true });
    expect(merged(optedOut, 'Any news?', 400).optedOut).toBe(true);
  });
});

describe('leadFeatures', () => {
  const signals = [
    { kind: 'pricing_viewed', occurredAt: new Date('2026-11-02T08:00:00Z') },
    { kind: 'demo_requested', occurredAt: new Date('2026-11-01T08:00:00Z') },
  ];

  it('has every declared field and is the same bytes in any order', () => {
    const lead = normalised(SAMPLE);
    const one = leadFeatures(lead, signals, ['pricing_viewed', 'demo_requested']);
    const other = leadFeatures(lead, signals.toReversed(), ['demo_requested', 'pricing_viewed']);
    expect(Object.keys(one.fields)).toEqual(FIELD_NAMES);
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    expect(FeatureSnapshot.parse(one)).toEqual(one);
    expect(one.fields).toMatchObject({ 'lead.has_phone': true, 'company.annual_revenue': null });
  });

  it('drops a source or campaign in which the person is named, and no other', () => {
    const lead = { ...normalised(SAMPLE), lastName: 'Trade-Lace' };
    const named = { ...lead, leadSource: 'Friend of ADA', campaign: "lace's webinar" };
    expect(leadFeatures(named, [], []).fields).toMatchObject({
      'source.lead_source': null,
      'source.campaign': null,
    });
    const others = { ...lead, leadSource: 'Canada fair', campaign: 'Laces' };
    expect(leadFeatures(others, [], []).fields).toMatchObject({
      'source.lead_source': 'Canada fair',
      'source.campaign': 'Laces',
    });
  });

  it('lets no person in, not even through a pick-list', () => {
    const lead = normalised({
      ...SAMPLE,
      message: 'Secret-Message demo',
      leadSource: 'referred by ada.sample@acme.example',
      campaign: 'call +1 202 555 0123',
    });
    const text = JSON.stringify(leadFeatures(lead, [], [])).toLowerCase();
    for (const personal of [
      'ada',
      'sample',
      '5550123',
      '555 0123',
      'secret-message',
      'vp, sales',
    ]) {
      expect(text).not.toContain(personal);
    }
  });
});

describe('shortId', () => {
  it('is short, speakable and read back leniently', () => {
    expect(shortId(new Uint8Array([255, 1, 2, 3]))).toBe('L-Z123');
    expect(shortId(0, 6)).toBe('L-000000');
    for (const text of ['L-4F70', 'l-4f70', '4f7o', 'L4F7O', ' l 4f7o ', '`L–4F70`']) {
      expect(parseShortId(text)).toBe('L-4F70');
    }
    for (const text of ['', 'L-', 'abc', 'acme example', 'L-4U70', 'x'.repeat(100)]) {
      expect(parseShortId(text)).toBe(null);
    }
  });

  it('reads back every id that it makes', () => {
    for (let seed = 0; seed < 3_000; seed++) {
      const length = 4 + (seed % 3);
      const id = shortId(seed * 7_919_123, length);
      expect(parseShortId(id)).toBe(id);
      expect(parseShortId(id.toLowerCase().replaceAll('1', 'l'))).toBe(id);
    }
  });

  it('refuses too little randomness', () => {
    expect(() => shortId(new Uint8Array(3))).toThrow(RangeError);
  });
});

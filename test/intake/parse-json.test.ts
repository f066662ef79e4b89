import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, decodeRecord } from '../../src/intake/decode-event.ts';
import { type InboundRecord, readRecord, recordText } from '../../src/intake/inbound-record.ts';
import { parseJsonBody } from '../../src/intake/parse-json-body.ts';
import { parseLeadJson } from '../../src/intake/parse-lead-json.ts';
import { parseSignalJson } from '../../src/intake/parse-signal-json.ts';
import { parseTime } from '../../src/intake/parse-time.ts';
import { readItems } from '../../src/intake/read-items.ts';
import { IncomingLead } from '../../src/lead/lead.ts';
import { NOW } from './sample-requests.ts';

const record = (data: unknown, more: Partial<InboundRecord> = {}): InboundRecord => ({
  format: 'json',
  type: null,
  timestamp: null,
  data,
  ...more,
});

describe('readItems', () => {
  it.each([
    ['one object', { email: 'a' }, 1, false],
    ['a list', [{}, {}], 2, true],
    ['a batch', { leads: [{}, 'x', null] }, 3, true],
    ['an envelope', { type: 'lead.created', timestamp: 't', data: {} }, 1, false],
    ['an envelope with a batch', { type: 'lead.created', data: { leads: [{}] } }, 1, true],
    ['an empty batch', { leads: [] }, 0, true],
  ])('finds the items of %s', (_, body, count, isBatch) => {
    const items = readItems(body, 'leads');
    expect(items).toMatchObject({ ok: true, isBatch });
    expect(items.ok && items.records).toHaveLength(count);
  });

  it('refuses what holds none, and too many', () => {
    for (const body of [null, 42, 'x', true])
      expect(readItems(body, 'leads')).toMatchObject({ status: 400 });
    expect(readItems(Array(1_001).fill({}), 'leads')).toMatchObject({ status: 413 });
  });
});

describe('parseJsonBody', () => {
  it.each([
    ['broken JSON', '{"email": "eve@acme.example', /not valid JSON/],
    ['nothing', '  ', /empty/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x7b]), /UTF-8/],
    ['a hundred thousand brackets', '['.repeat(100_000), /nested/],
  ])('says what is wrong with %s, without quoting it', (_, body, message) => {
    const parsed = parseJsonBody(Buffer.from(body));
    expect(parsed).toMatchObject({
      ok: false,
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(parsed)).not.toContain('acme');
  });

  it('does not count brackets in text', () => {
    expect(parseJsonBody(Buffer.from(JSON.stringify({ note: '[{"\\'.repeat(100) }))).ok).toBe(true);
  });
});

describe('parseLeadJson', () => {
  it('knows the names that senders use', () => {
    const read = parseLeadJson(
      record({
        id: 7,
        first_name: 'Ada',
        'Last Name': 'Sample',
        'E-mail': 'ada@acme.example',
        PhoneNumber: '+12025550123',
        jobTitle: 'CTO',
        company: { name: 'Acme', domain: 'acme.example', employees: '200-500' },
        comments: 'demo please',
        utm_campaign: 'autumn',
        unsubscribed: 'no',
        submitted_at: '2026-11-02 08:00',
      }),
      'fallback',
    );
    expect(read).toEqual({
      ok: true,
      lead: {
        externalId: '7',
        firstName: 'Ada',
        lastName: 'Sample',
        email: 'ada@acme.example',
        phone: '+12025550123',
        title: 'CTO',
        company: 'Acme',
        website: 'acme.example',
        employees: '200-500',
        message: 'demo please',
        campaign: 'autumn',
        optedOut: false,
        createdAt: '2026-11-02T08:00:00.000Z',
      },
    });
  });

  it('splits a full name and looks into a wrapper', () => {
    expect(parseLeadJson(record({ contact: { name: 'Ada Mary Sample' } }), 'f')).toMatchObject({
      lead: { externalId: 'f', firstName: 'Ada Mary', lastName: 'Sample' },
    });
  });

  it.each([
    ['text', record('hello'), 'not-a-lead'],
    ['a list', record([1]), 'not-a-lead'],
    ['nothing', record(null), 'not-a-lead'],
    ['no fields', record({}), 'not-a-lead'],
    ['another type', record({ id: 1 }, { type: 'invoice.paid' }), 'unsupported-record'],
    ['an object for a text', record({ email: { $gt: '' } }), 'field-of-wrong-kind'],
    ['a list for a text', record({ company: ['a'] }), 'field-of-wrong-kind'],
    [
      'a doubtful opt-out',
      record({ email: 'a@b.example', opted_out: 'perhaps' }),
      'field-of-wrong-kind',
    ],
  ])('holds %s', (_, item, reason) => {
    expect(parseLeadJson(item, 'f')).toMatchObject({ ok: false, reason });
  });

  it.each([
    'lead.created',
    'contact.updated',
    'crm.lead.new',
    'Lead',
    'form_submission',
    'lead_created',
  ])('takes the type %s', (type) => {
    expect(parseLeadJson(record({ id: 1 }, { type }), 'f').ok).toBe(true);
  });

  it('does not let an id through that could not be stored or compared', () => {
    for (const id of ['a\u0000b', '\u202e1', 'x'.repeat(300), ' ', '']) {
      expect(parseLeadJson(record({ id, email: 'a' }), 'fallback')).toMatchObject({
        lead: { externalId: 'fallback' },
      });
    }
  });

  it('survives any JSON, and what it reads is a lead', () => {
    const names = fc.constantFrom(
      'id',
      'email',
      '__proto__',
      'constructor',
      'company',
      'lead',
      'name',
      'optedOut',
      'created_at',
      'employees',
    );
    const item = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc
        .dictionary(names, fc.jsonValue({ maxDepth: 2 }))
        .map((value) => JSON.parse(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(item, (data) => {
        const read = parseLeadJson(record(data), 'f');
        if (read.ok) expect(IncomingLead.safeParse(read.lead).error).toBe(undefined);
        const signal = parseSignalJson(record(data), NOW);
        if (signal.ok)
          expect(signal.signal.occurredAt.getTime()).toBeLessThanOrEqual(NOW.getTime());
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('parseSignalJson', () => {
  it('reads kind, time and whose it is', () => {
    const item = {
      id: 's1',
      kind: 'Pricing-Viewed',
      occurredAt: '2026-11-02T08:00:00+01:00',
      email: ' Ada@Acme.example',
    };
    expect(parseSignalJson(record(item), NOW)).toEqual({
      ok: true,
      signal: {
        id: 's1',
        kind: 'pricing_viewed',
        occurredAt: new Date('2026-11-02T07:00:00Z'),
        lead: { email: 'ada@acme.example', crmId: null, externalId: null },
      },
    });
  });

  it('falls back on the envelope, then on the receipt', () => {
    const lead = { email: 'a@b.example' };
    const envelope = { type: 'signal.demoRequested', timestamp: 1793606400 };
    expect(parseSignalJson(record(lead, envelope), NOW)).toMatchObject({
      signal: { kind: 'demo_requested', occurredAt: new Date(1793606400_000) },
    });
    expect(parseSignalJson(record({ ...lead, kind: 'x' }), NOW)).toMatchObject({
      signal: { occurredAt: NOW },
    });
  });

  it('finds the lead by any of its ids', () => {
    expect(parseSignalJson(record({ kind: 'x', lead: { id: 'form-1' } }), NOW)).toMatchObject({
      signal: { lead: { externalId: 'form-1' } },
    });
    expect(parseSignalJson(record({ kind: 'x', crm_id: '00Q000000000001' }), NOW)).toMatchObject({
      signal: { lead: { crmId: '00Q000000000001EAA' } },
    });
  });

  it.each([
    ['no kind', { email: 'a@b.example' }, 'signal-without-kind'],
    ['a kind that is none', { kind: '<!channel>', email: 'a@b.example' }, 'signal-without-kind'],
    ['nobody', { kind: 'x' }, 'signal-without-lead'],
    ['an unusable address', { kind: 'x', email: 'nobody' }, 'signal-without-lead'],
    [
      'the far future',
      { kind: 'x', email: 'a@b.example', at: '2099-01-01T00:00:00Z' },
      'signal-time-out-of-range',
    ],
    ['no time', { kind: 'x', email: 'a@b.example', at: 'yesterday' }, 'signal-time-out-of-range'],
  ])('holds %s', (_, item, reason) => {
    expect(parseSignalJson(record(item), NOW)).toMatchObject({ ok: false, reason });
  });
});

describe('the stored record', () => {
  it('keeps the item but no secret, and reads back as the same lead', () => {
    const item = {
      email: 'a@b.example',
      name: 'nul \u0000',
      password: 'hunter2',
      deep: [{ api_key: 'k' }],
    };
    const text = recordText(record(item));
    for (const gone of ['hunter2', '"k"', '\u0000']) expect(text).not.toContain(gone);
    const event = { kind: 'lead' as const, dedupeKey: 'msg_1#3', rawBody: text, receivedAt: NOW };
    expect(decodeEvent(event)).toEqual(decodeRecord(record(item), event));
    expect(decodeEvent(event)).toMatchObject({ kind: 'lead', lead: { externalId: 'msg_1#3' } });
  });

  it('does not take an item for a batch the second time', () => {
    const text = recordText(record({ leads: [{ email: 'a@b.example' }], id: 1 }));
    expect(readRecord(text)?.data).toMatchObject({ id: 1 });
  });

  it('holds text that is not ours', () => {
    for (const rawBody of ['', '{', '[]', '{"format":"x"}']) {
      expect(decodeEvent({ kind: 'lead', dedupeKey: 'k', rawBody, receivedAt: NOW })).toMatchObject(
        { ok: false },
      );
    }
  });
});

it('parseTime reads what webhooks write', () => {
  for (const value of [
    '2026-11-02T09:00:00Z',
    '2026-11-02T10:00:00+01:00',
    '2026-11-02 09:00:00',
    '1793610000',
    1793610000,
    1793610000000,
  ]) {
    expect(parseTime(value), String(value)).toEqual(NOW);
  }
  for (const value of [
    '',
    'now',
    '2026-02-30T00:00:00Z',
    '1969-01-01',
    0,
    Number.NaN,
    null,
    {},
    '9'.repeat(99),
  ]) {
    expect(parseTime(value), String(value)).toBe(null);
  }
});

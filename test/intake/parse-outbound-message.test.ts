import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../src/intake/decode-event.ts';
import { recordText } from '../../src/intake/inbound-record.ts';
import { parseOutboundMessage } from '../../src/intake/parse-outbound-message.ts';
import { parseXml } from '../../src/intake/parse-xml.ts';
import { outboundMessageAck, outboundMessageFault } from '../../src/intake/soap-answers.ts';
import { watchCpu } from '../support/watch-cpu.ts';
import {
  LEAD_FIELDS,
  NOW,
  ORGANIZATION_ID,
  outboundMessage,
  type SampleNotification,
} from './sample-requests.ts';

const OPTIONS = { organizationIds: [ORGANIZATION_ID] };

function parse(xml: string | Buffer) {
  return parseOutboundMessage(Buffer.from(xml), OPTIONS);
}

/** What the worker reads of the first notification. */
function leadOf(notification: SampleNotification) {
  const parsed = parse(outboundMessage([notification]));
  const [first] = parsed.ok ? parsed.notifications : [];
  if (first === undefined) throw new Error('nothing parsed');
  const rawBody = recordText(first.record);
  return decodeEvent({ kind: 'lead', dedupeKey: first.id, rawBody, receivedAt: NOW });
}

describe('parseOutboundMessage', () => {
  it('maps the fields of a lead', () => {
    expect(leadOf({})).toEqual({
      ok: true,
      kind: 'lead',
      lead: {
        externalId: '00Q000000000001AAA',
        crmId: '00Q000000000001AAA',
        firstName: 'Ada',
        lastName: 'Sample',
        email: 'ada@acme.example',
        company: 'Acme & Sons Example',
        optedOut: false,
        createdAt: '2026-11-02T08:59:00.000Z',
      },
    });
  });

  it('reads 100 notifications, each under its own id', () => {
    const ids = Array.from({ length: 100 }, (_, index) => `04l${String(index).padStart(15, '0')}`);
    const parsed = parse(outboundMessage(ids.map((id) => ({ id }))));
    expect(parsed.ok && parsed.notifications.map((notification) => notification.id)).toEqual(ids);
    expect(
      parse(outboundMessage([...ids, '04l999999999999AAA'].map((id) => ({ id })))),
    ).toMatchObject({ status: 400 });
  });

  it('holds a notification without a usable id and lets the others go on', () => {
    const broken = { id: "' or 1=1 --", fields: { ...LEAD_FIELDS, LastName: 'Nameless' } };
    const parsed = parse(outboundMessage([{}, broken, { id: '04l000000000002AAA' }]));
    if (!parsed.ok) throw new Error(parsed.message);
    const [, second] = parsed.notifications;
    expect(parsed.notifications.map(({ held }) => held?.reason)).toEqual([
      undefined,
      'notification-without-id',
      undefined,
    ]);
    // Sent again it is the same one; another one is not.
    const again = parse(outboundMessage([{ ...broken, id: '' }, { id: 'x' }]));
    const ids = again.ok ? again.notifications.map(({ id }) => id) : [];
    expect(ids[0]).toBe(second?.id);
    expect(ids[1]).not.toBe(second?.id);
    expect(second?.id).not.toMatch(/1=1|Nameless/);
  });

  it('refuses more tags than any message has, unparsed', () => {
    const message = outboundMessage([{ raw: '<a/>'.repeat(100_000) }]);
    expect(parse(message)).toMatchObject({ status: 413, code: 'too_many_items' });
  });

  it('never lets the session id or the organisation id out', () => {
    const text = JSON.stringify(parse(outboundMessage([{}, { id: '04l000000000002AAA' }])));
    expect(text).not.toContain('sample-session-value');
    expect(text).not.toContain(ORGANIZATION_ID);
  });

  it("keeps custom fields as the team's own, but what we wrote and other standard fields not", () => {
    const fields = {
      ...LEAD_FIELDS,
      Team_Size__c: '300',
      First_Call_Tier__c: 'A',
      Street: 'Sample Street 1',
    };
    expect(leadOf({ fields })).toMatchObject({ lead: { custom: { teamsize: '300' } } });
    const text = JSON.stringify(parse(outboundMessage([{ fields }])));
    expect(text).not.toMatch(/First_Call|Sample Street/);
  });

  it('takes nil and empty fields for missing, and references for characters', () => {
    const raw =
      '<sf:Phone xsi:nil="true"/><sf:Title></sf:Title><sf:Description>a &lt;b&gt; &amp;amp; &#65;&#x1F44D; <![CDATA[<c>]]></sf:Description>';
    const decoded = leadOf({ raw });
    expect(decoded).toMatchObject({ lead: { message: 'a <b> &amp; A👍 <c>' } });
    expect(decoded.ok && decoded.kind === 'lead' && Object.keys(decoded.lead)).not.toContain(
      'phone',
    );
  });

  it('compares the first 15 characters of the organisation id, capitals included', () => {
    expect(parse(outboundMessage([{}], `${ORGANIZATION_ID}EAA`)).ok).toBe(true);
    for (const other of [
      '00D000000000002',
      ORGANIZATION_ID.toLowerCase(),
      '',
      ORGANIZATION_ID.slice(0, 14),
    ]) {
      expect(parse(outboundMessage([{}], other))).toMatchObject({
        status: 403,
        code: 'organization_unknown',
      });
    }
  });

  it.each<[string, SampleNotification, string]>([
    ['another record type', { type: 'Contact' }, 'unsupported-record'],
    ['a field given twice', { raw: '<sf:Email>b@b.example</sf:Email>' }, 'field-of-wrong-kind'],
    [
      'a field with elements in it',
      { raw: '<sf:Title><x>CTO</x></sf:Title>' },
      'field-of-wrong-kind',
    ],
    [
      'a doubtful opt-out',
      { fields: { ...LEAD_FIELDS, HasOptedOutOfEmail: 'maybe' } },
      'field-of-wrong-kind',
    ],
  ])('holds %s', (_, notification, reason) => {
    expect(leadOf(notification)).toMatchObject({ ok: false, reason });
  });

  it.each([
    ['broken XML', outboundMessage([{ raw: '<a><b></a>' }]), 'xml_invalid'],
    ['an envelope cut short', outboundMessage([{}]).slice(0, -9), 'xml_invalid'],
    ['no XML', 'hello', 'envelope_invalid'],
    ['nothing', '', 'envelope_invalid'],
    ['no text', Buffer.from([0xff, 0xfe, 0x3c, 0x00]), 'envelope_invalid'],
    ['another envelope', '<a/>', 'envelope_invalid'],
    ['no notification', outboundMessage([]), 'envelope_invalid'],
    [
      'deep nesting',
      outboundMessage([{ raw: `${'<a>'.repeat(500)}${'</a>'.repeat(500)}` }]),
      'xml_invalid',
    ],
    ['a forbidden name', outboundMessage([{ raw: '<__proto__><a/></__proto__>' }]), 'xml_invalid'],
    [
      'the organisation in the wrong place',
      `<a><OrganizationId>${ORGANIZATION_ID}</OrganizationId></a>`,
      'envelope_invalid',
    ],
  ])('refuses %s', (_, xml, code) => {
    expect(parse(xml)).toMatchObject({ ok: false, status: 400, code });
  });

  it('refuses entity bombs and external entities before it parses', () => {
    const laughs = Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
    );
    const organization = `<OrganizationId>${ORGANIZATION_ID}</OrganizationId>`;
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${laughs.join('')}]><x>${organization}&l9;</x>`;
    const external = '<!doctype x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'.concat(
      organization,
    );
    for (const xml of [bomb, external, ` <!DOCTYPE x>${outboundMessage([{}])}`]) {
      expect(parse(xml)).toMatchObject({ status: 400, code: 'xml_unsafe' });
    }
  });

  it('does not quote what it refuses', () => {
    const parsed = parse(outboundMessage([{ raw: '<Email>ada@acme.example</b>' }]));
    expect(JSON.stringify(parsed)).not.toContain('acme');
  });

  it('never throws', () => {
    const units = fc.constantFrom('<', '>', '/', 'a', '&', '"', '=', '!', '[', ' ', ';', '#');
    fc.assert(
      fc.property(fc.string({ unit: units }), (xml) => {
        parse(outboundMessage([{ raw: xml }]));
      }),
      { numRuns: 150 },
    );
  });

  it('spends next to nothing on strangers, and linear time on anybody', () => {
    for (const unit of ['<', '<a>', '<!--', '<a b="c" ', '&amp;', '<a/>', '<OrganizationId>']) {
      const spentMs = watchCpu();
      expect(parse(unit.repeat(4_000_000 / unit.length)).ok).toBe(false);
      expect(spentMs(), unit).toBeLessThan(1_000);
      parse(outboundMessage([{ raw: unit.repeat(300_000 / unit.length) }]));
      expect(spentMs(), unit).toBeLessThan(5_000);
    }
  });
});

describe('answers', () => {
  it('are well-formed SOAP, whatever the message', () => {
    expect(outboundMessageAck()).toContain('<Ack>true</Ack>');
    for (const xml of [outboundMessageAck(), outboundMessageFault('Client', 'a < b & "c" ]]>')]) {
      expect(parseXml(Buffer.from(xml)).ok).toBe(true);
    }
    expect(outboundMessageFault('Server', 'x')).not.toContain('Ack');
  });
});

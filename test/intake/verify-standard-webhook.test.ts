import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyStandardWebhook } from '../../src/intake/verify-standard-webhook.ts';
import { anyText } from '../lead/any-text.ts';
import { NOW, OTHER_SECRET, SECRET, type SignOptions, signedHeaders } from './sample-requests.ts';

const BODY = '{"email":"ada@acme.example","name":"Zoë"}';

function verify(
  change: Partial<Record<'id' | 'timestamp' | 'signature', string | undefined>> = {},
  options: SignOptions & { body?: string; secrets?: string[] } = {},
) {
  const sent = signedHeaders(BODY, options);
  return verifyStandardWebhook(
    {
      headers: {
        id: sent['webhook-id'],
        timestamp: sent['webhook-timestamp'],
        signature: sent['webhook-signature'],
        ...change,
      },
      body: Buffer.from(options.body ?? BODY),
    },
    options.secrets ?? [SECRET],
    NOW,
  );
}

const secondsAway = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe('verifyStandardWebhook', () => {
  it('takes what the reference library signs', () => {
    expect(verify()).toEqual({ ok: true, webhookId: 'msg_1' });
  });

  it('lets keys rotate: either of our secrets, either of their signatures', () => {
    expect(verify({}, { secrets: [OTHER_SECRET, SECRET] }).ok).toBe(true);
    const [one, two] = [SECRET, OTHER_SECRET].map((secret) => signedHeaders(BODY, { secret }));
    const signature = `v1a,AAAA ${two?.['webhook-signature']} ${one?.['webhook-signature']}`;
    expect(verify({ signature }).ok).toBe(true);
  });

  it.each([
    ['another body', {}, { body: BODY.replace('ada', 'eve') }],
    ['one more byte', {}, { body: `${BODY} ` }],
    ['another secret', {}, { secret: OTHER_SECRET }],
    ['another id', { id: 'msg_2' }, {}],
    ['another time', { timestamp: String(NOW.getTime() / 1000 - 1) }, {}],
    ['an empty signature', { signature: 'v1,' }, {}],
    ['another version', { signature: 'v2,AAAA' }, {}],
    ['no secret at all', {}, { secrets: [] }],
    ['an empty secret', {}, { secrets: ['whsec_'] }],
  ])('refuses %s', (_, change, options) => {
    expect(verify(change, options)).toMatchObject({
      ok: false,
      status: 401,
      code: 'signature_invalid',
    });
  });

  it.each(['id', 'timestamp', 'signature'])('refuses a request without webhook-%s', (name) => {
    expect(verify({ [name]: undefined })).toMatchObject({ status: 401, code: 'signature_missing' });
  });

  it('keeps 300 seconds both ways', () => {
    for (const seconds of [-300, 300])
      expect(verify({}, { at: secondsAway(seconds) }).ok).toBe(true);
    for (const seconds of [-301, 301]) {
      expect(verify({}, { at: secondsAway(seconds) })).toMatchObject({
        status: 400,
        code: 'timestamp_out_of_tolerance',
      });
    }
  });

  it.each([
    '1793610000junk',
    '1.79361e9',
    ' 1793610000',
    '+1793610000',
    '0x6ae0f8d0',
    '-1',
    '99999999999999',
  ])('takes no loose timestamp: %s', (timestamp) => {
    expect(verify({ timestamp })).toMatchObject({ status: 400, code: 'timestamp_invalid' });
  });

  it('refuses ids that no database or log should see', () => {
    for (const id of ['a b', 'a\u0000', 'é', 'x'.repeat(201)]) {
      expect(verify({ id })).toMatchObject({ ok: false, status: 400 });
    }
  });

  it('never throws and never accepts what it did not see signed', () => {
    const text = anyText(100);
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.uint8Array({ maxLength: 50 }),
        (id, timestamp, signature, body) => {
          const request = { headers: { id, timestamp, signature: `v1,${signature}` }, body };
          expect(verifyStandardWebhook(request, [SECRET], NOW).ok).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});

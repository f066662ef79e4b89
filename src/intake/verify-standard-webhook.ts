import { createHmac, timingSafeEqual } from 'node:crypto';
import { type IntakeProblem, problem } from './intake-problem.ts';

export interface SignedRequest {
  headers: { id: string | undefined; timestamp: string | undefined; signature: string | undefined };
  /** The bytes as they came in: signed as they are. */
  body: Uint8Array;
}

export type Verified = { ok: true; webhookId: string } | IntakeProblem;

const TOLERANCE_SECONDS = 300;
// One signature a key while keys rotate; more than a handful is an attempt to guess in bulk.
const MOST_SIGNATURES = 10;

/**
 * Checks a Standard Webhooks v1 request (HMAC-SHA256 of `id.timestamp.body`). Any secret may match any
 * signature, so keys can rotate on either side.
 *
 * We do not use the `standardwebhooks` library here: it takes "1700000000junk" for a time, decodes the body
 * before it checks it, and reads the clock by itself. Our tests sign with it.
 *
 * @param secrets `whsec_` and base64
 */
export function verifyStandardWebhook(
  request: SignedRequest,
  secrets: readonly string[],
  now: Date,
): Verified {
  const { id, timestamp, signature } = request.headers;
  if (!id || !timestamp || !signature) {
    return problem(
      401,
      'signature_missing',
      'Sign the request as Standard Webhooks do: the headers webhook-id, webhook-timestamp and webhook-signature are needed.',
    );
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) {
    return problem(
      400,
      'signature_invalid',
      'webhook-id must be 1 to 200 visible ASCII characters.',
    );
  }
  if (!/^[0-9]{1,12}$/.test(timestamp)) {
    return problem(400, 'timestamp_invalid', 'webhook-timestamp must be whole seconds since 1970.');
  }
  if (!isSigned(`${id}.${timestamp}.`, request.body, signature, secrets)) {
    return problem(
      401,
      'signature_invalid',
      'No v1 signature matches: sign the raw body with the secret of this source.',
    );
  }
  const skew = Number(timestamp) - Math.floor(now.getTime() / 1000);
  if (Math.abs(skew) > TOLERANCE_SECONDS) {
    return problem(
      400,
      'timestamp_out_of_tolerance',
      `webhook-timestamp is more than ${TOLERANCE_SECONDS} seconds ${skew < 0 ? 'old' : 'in the future'}: sign each attempt afresh and check the clock.`,
    );
  }
  return { ok: true, webhookId: id };
}

function isSigned(
  prefix: string,
  body: Uint8Array,
  header: string,
  secrets: readonly string[],
): boolean {
  const given = header
    .split(' ', MOST_SIGNATURES)
    .filter((part) => /^v1,[A-Za-z0-9+/]{43}=$/.test(part))
    .map((part) => Buffer.from(part.slice(3), 'base64'));
  let matches = false;
  for (const secret of secrets) {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    if (key.length === 0) continue;
    const expected = createHmac('sha256', key).update(prefix).update(body).digest();
    // No early exit: the time taken does not tell which secret or signature came near.
    for (const signature of given) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) {
        matches = true;
      }
    }
  }
  return matches;
}

import { systemClock } from '../../platform/clock.ts';
import type { SalesforceAuth } from '../../platform/config.ts';
import { asAppError } from '../../platform/errors.ts';
import { readRsaKey } from '../../platform/rsa-key.ts';
import { DEFAULT_SALESFORCE_FIELDS } from '../../write-back/salesforce-fields.ts';
import { createSalesforceSession } from '../../write-back/salesforce-session.ts';
import type { Checked } from './check-slack.ts';

export interface SalesforceSite {
  loginUrl: string;
  apiVersion: string;
  auth: SalesforceAuth;
}

/** `missing`, `readOnly`: fields of the write-back that Lead lacks, or that our user may not edit. */
export type CheckedSalesforce = Checked<{ missing: string[]; readOnly: string[] }>;

const TIMEOUT_MS = 15_000;

/** Logs in, reads the limits and the fields of Lead; changes nothing. */
export async function checkSalesforce(site: SalesforceSite): Promise<CheckedSalesforce> {
  if (!isWebAddress(site.loginUrl)) return { ok: false, problem: BAD_ADDRESS };
  if (site.auth.kind === 'jwt-bearer' && readRsaKey(site.auth.privateKey) === null) {
    return { ok: false, problem: BAD_KEY };
  }
  const session = createSalesforceSession({ ...site, clock: systemClock, timeoutMs: TIMEOUT_MS });
  try {
    return await session.run(async (connection) => {
      await connection.limits();
      const { fields } = await connection.describe('Lead');
      const wanted = Object.values({ ...DEFAULT_SALESFORCE_FIELDS }).filter(
        (name) => name !== null,
      );
      const byName = new Map(fields.map((field) => [field.name, field]));
      return {
        ok: true,
        missing: wanted.filter((name) => !byName.has(name)),
        readOnly: wanted.filter((name) => byName.get(name)?.updateable === false),
      };
    });
  } catch (error) {
    return { ok: false, problem: sentenceOf(error) };
  }
}

const BAD_ADDRESS =
  'The address does not start with https://: copy your My Domain address (https://YOUR-DOMAIN.my.salesforce.com).';
const BAD_KEY =
  'The private key cannot be read: give the PEM file that belongs to the certificate of the connected app.';

/** By the code that Salesforce's login answers. */
const LOGIN_ERRORS: readonly [RegExp, string][] = [
  [
    /invalid_client_id/,
    'Salesforce does not know this consumer key: copy it from the connected app; a new app takes ten minutes to work.',
  ],
  [
    /invalid_client/,
    'Salesforce refuses the consumer secret: copy it again from the connected app.',
  ],
  [
    /invalid_app_access|user hasn't approved|invalid_grant/,
    'Salesforce lets this user not in: approve the connected app for the profile of the integration user, and set it as "Run As" for client credentials.',
  ],
  [
    /unsupported_grant_type|not supported/,
    'This login address does not take this kind of login: use your My Domain address, and switch the flow on in the connected app.',
  ],
];

function sentenceOf(thrown: unknown): string {
  const { code, message } = asAppError(thrown);
  if (code === 'crm_unavailable')
    return 'Salesforce cannot be reached at this address: check it, and the network.';
  const known = LOGIN_ERRORS.find(([pattern]) => pattern.test(message))?.[1];
  if (known !== undefined) return known;
  if (code === 'crm_unauthorized') return `${message.slice(0, 200)}.`;
  return 'The login works, and reading Lead does not: give the integration user API access and the right to read leads.';
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}

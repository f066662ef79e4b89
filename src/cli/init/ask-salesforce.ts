import { readFile } from 'node:fs/promises';
import type { SalesforceAuth } from '../../platform/config.ts';
import { checkSalesforce } from './check-salesforce.ts';
import type { Settings } from './settings.ts';

const NAMES = ['LOGIN_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'PRIVATE_KEY', 'USERNAME'] as const;
const LOGIN_URL = 'https://login.salesforce.com';

/** The login of the write-back, checked as a whole; asked again until it works or is skipped. */
export async function askSalesforce(settings: Settings, apiVersion: string): Promise<void> {
  const { terminal } = settings;
  terminal.say('\nSalesforce (empty skips it)');
  if (!(await settings.mayChange('SALESFORCE_CLIENT_ID', 'The Salesforce login'))) return;
  for (;;) {
    const kind = await terminal.ask('Login: 1 client credentials, 2 JWT with a private key:');
    if (kind !== '1' && kind !== '2') return;
    const site = await askSite(settings, kind);
    if (site === null) return;
    const checked = await checkSalesforce({ ...site, apiVersion });
    if (checked.ok) {
      keep(settings, site);
      terminal.say('  The login works, and leads can be read.');
      sayFields(settings, checked);
      return;
    }
    terminal.say(`  ${checked.problem}`);
  }
}

export function sayFields(
  { terminal }: Pick<Settings, 'terminal'>,
  { missing, readOnly }: { missing: readonly string[]; readOnly: readonly string[] },
): void {
  if (missing.length > 0) {
    terminal.say(
      `  Lead lacks ${missing.length} of our fields: ${missing.join(', ')}. Create them as the README says, or let the integration user see them.`,
    );
  }
  if (readOnly.length > 0) {
    terminal.say(`  The integration user may not edit ${readOnly.join(', ')}: allow it.`);
  }
}

interface Site {
  loginUrl: string;
  auth: SalesforceAuth;
}

async function askSite({ terminal, get }: Settings, kind: '1' | '2'): Promise<Site | null> {
  const preset = get('SALESFORCE_LOGIN_URL') ?? LOGIN_URL;
  const address = await terminal.ask(`My Domain address (empty: ${preset}):`);
  const clientId = await terminal.ask('Consumer key of the connected app:');
  if (address === null || clientId === null || clientId === '') return null;
  const loginUrl = address === '' ? preset : address;
  if (kind === '1') {
    const clientSecret = await terminal.askHidden('Consumer secret:');
    if (clientSecret === null || clientSecret === '') return null;
    return { loginUrl, auth: { kind: 'client-credentials', clientId, clientSecret } };
  }
  const path = await terminal.ask('File with the private key (PEM):');
  const username = await terminal.ask('User name of the integration user:');
  if (path === null || username === null || username === '') return null;
  // An unreadable file is an unreadable key: the check says so.
  const privateKey = await readFile(path, 'utf8').catch(() => '');
  return { loginUrl, auth: { kind: 'jwt-bearer', clientId, privateKey, username } };
}

function keep(settings: Settings, { loginUrl, auth }: Site): void {
  const values: Record<(typeof NAMES)[number], string | undefined> = {
    LOGIN_URL: loginUrl,
    CLIENT_ID: auth.clientId,
    CLIENT_SECRET: auth.kind === 'client-credentials' ? auth.clientSecret : '',
    PRIVATE_KEY: auth.kind === 'jwt-bearer' ? auth.privateKey : undefined,
    USERNAME: auth.kind === 'jwt-bearer' ? auth.username : undefined,
  };
  for (const name of NAMES) {
    const variable = `SALESFORCE_${name}`;
    const value = values[name];
    // An old secret would win over a new key: it is emptied, where there is one.
    if (value === '' && settings.get(variable) === undefined) continue;
    if (value !== undefined) settings.set(variable, value);
  }
}

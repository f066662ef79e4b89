import { sayFields } from './ask-salesforce.ts';
import { checkSalesforce } from './check-salesforce.ts';
import { type Checked, checkAppToken, checkBotToken } from './check-slack.ts';
import type { Settings } from './settings.ts';

/** Variables that `--yes` takes over from the environment. */
const TAKEN = [
  ...['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'FIRSTCALL_ADMINS'],
  ...['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
  ...['SALESFORCE_PRIVATE_KEY', 'SALESFORCE_USERNAME'],
];

/** Checks all that is set and keeps it for the file; asks nothing. False: something is wrong, and was said. */
export async function checkPresent(
  settings: Settings,
  { apiUrl, apiVersion }: { apiUrl: string; apiVersion: string },
): Promise<boolean> {
  const { get, terminal } = settings;
  for (const name of TAKEN) {
    const value = get(name);
    if (value !== undefined) settings.set(name, value);
  }
  const results: boolean[] = [];
  const tell = (name: string, checked: Checked<object>) => {
    terminal.say(`${name}: ${checked.ok ? 'works' : checked.problem}`);
    results.push(checked.ok);
  };
  const bot = get('SLACK_BOT_TOKEN');
  if (bot !== undefined) {
    const checked = await checkBotToken({ token: bot, apiUrl });
    tell('SLACK_BOT_TOKEN', checked);
    if (checked.ok) settings.set('SLACK_TEAM_ID', checked.teamId);
  }
  const app = get('SLACK_APP_TOKEN');
  if (app !== undefined) tell('SLACK_APP_TOKEN', await checkAppToken({ token: app, apiUrl }));
  const site = salesforceSite(settings);
  if (site !== null) {
    const checked = await checkSalesforce({ ...site, apiVersion });
    tell('SALESFORCE_CLIENT_ID', checked);
    if (checked.ok) sayFields(settings, checked);
  }
  if (results.length === 0) terminal.say('No credentials are set: give them in the environment.');
  return results.length > 0 && results.every((isGood) => isGood);
}

function salesforceSite({ get }: Settings) {
  const clientId = get('SALESFORCE_CLIENT_ID');
  const loginUrl = get('SALESFORCE_LOGIN_URL') ?? 'https://login.salesforce.com';
  const clientSecret = get('SALESFORCE_CLIENT_SECRET');
  const privateKey = get('SALESFORCE_PRIVATE_KEY');
  const username = get('SALESFORCE_USERNAME');
  if (clientId === undefined) return null;
  if (clientSecret !== undefined) {
    return { loginUrl, auth: { kind: 'client-credentials', clientId, clientSecret } as const };
  }
  if (privateKey === undefined || username === undefined) return null;
  return { loginUrl, auth: { kind: 'jwt-bearer', clientId, privateKey, username } as const };
}

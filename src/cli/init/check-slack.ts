import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { createSlackClient } from '../../delivery/send/slack-client.ts';

/** `problem`: one sentence that says what is wrong and how to mend it, without the secret. */
export type Checked<T> = ({ ok: true } & T) | { ok: false; problem: string };

export interface SlackSite {
  token: string;
  apiUrl: string;
}

/** What Slack says of a bot token. */
export interface BotAccess {
  teamId: string;
  team: string;
  bot: string;
}

export async function checkBotToken(site: SlackSite): Promise<Checked<BotAccess>> {
  if (!/^xox[be]/.test(site.token)) return { ok: false, problem: NOT_A_BOT };
  return asking<BotAccess>(async () => {
    const answer = await createSlackClient(site).auth.test();
    const { team_id: teamId, team = '', user: bot = '', bot_id: botId } = answer;
    if (teamId === undefined || botId === undefined) return { ok: false, problem: NOT_A_BOT };
    return { ok: true, teamId, team, bot };
  }, BOT_ERRORS);
}

/** Asks Slack for a socket, which shows that Socket Mode is on; the socket itself is not opened. */
export async function checkAppToken(site: SlackSite): Promise<Checked<object>> {
  if (!/^xapp-/.test(site.token)) return { ok: false, problem: NOT_AN_APP };
  return asking(async () => {
    await createSlackClient(site).apps.connections.open();
    return { ok: true };
  }, APP_ERRORS);
}

/** A person by e-mail address or member id. */
export async function checkPerson(
  site: SlackSite,
  who: string,
): Promise<Checked<{ name: string }>> {
  const client = createSlackClient(site);
  return asking(async () => {
    const { user } = who.includes('@')
      ? await client.users.lookupByEmail({ email: who })
      : await client.users.info({ user: who });
    return { ok: true, name: user?.real_name ?? user?.name ?? who };
  }, PERSON_ERRORS);
}

const NOT_A_BOT =
  'This is not a bot token: copy the "Bot User OAuth Token" (xoxb-...) from the app\'s page OAuth & Permissions.';
const NOT_AN_APP =
  "This is not an app-level token: make one with the scope connections:write on the app's page Basic Information (xapp-...).";

const BOT_ERRORS: Readonly<Record<string, string>> = {
  invalid_auth: 'Slack does not know this token: copy it again from the page OAuth & Permissions.',
  not_authed: 'Slack does not know this token: copy it again from the page OAuth & Permissions.',
  token_revoked:
    'This token was revoked: install the app in the workspace again and copy the new one.',
  token_expired:
    'This token has expired: switch token rotation off for this app and install it again.',
  account_inactive:
    'The app was removed from the workspace: install it again and copy the new token.',
  not_allowed_token_type: NOT_A_BOT,
};
const APP_ERRORS: Readonly<Record<string, string>> = {
  ...BOT_ERRORS,
  invalid_auth: 'Slack does not know this app-level token: copy it again from Basic Information.',
  not_allowed_token_type: NOT_AN_APP,
  missing_scope: 'This app-level token lacks connections:write: make another one with that scope.',
  socket_mode_not_enabled: 'Socket Mode is off for this app: switch it on on its page Socket Mode.',
};
const PERSON_ERRORS: Readonly<Record<string, string>> = {
  ...BOT_ERRORS,
  users_not_found:
    'Slack has nobody with this e-mail address: check it, or give the member id (U...).',
  user_not_found:
    "Slack has nobody with this id: copy it from the person's profile, or give the e-mail address.",
  missing_scope:
    'The bot may not look people up: add users:read and users:read.email and install it again.',
};

async function asking<T extends object>(
  ask: () => Promise<Checked<T>>,
  sentences: Readonly<Record<string, string>>,
): Promise<Checked<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WebAPIPlatformError) {
      const code = error.data.error;
      const known = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
      return { ok: false, problem: known ?? `Slack answers "${code.slice(0, 60)}".` };
    }
    if (error instanceof WebAPIRateLimitedError) {
      return { ok: false, problem: 'Slack asks to wait: try again in a minute.' };
    }
    return { ok: false, problem: 'Slack cannot be reached: check the network or the proxy.' };
  }
}

import { createEmulator } from 'emulate';
import { isRecord, type JsonRecord, recordsOf } from '../doubles/json.ts';
import type { SlackManifest } from './manifest.ts';

export interface SeedUser {
  /** Handle, such as `sample-rep-one`. */
  name: string;
  realName: string;
  email: string;
  isAdmin?: boolean;
}

export interface SeedChannel {
  /** Without the `#`. */
  name: string;
  isPrivate?: boolean;
  /** False leaves the bot outside, as before somebody invites it. */
  hasBot?: boolean;
}

export interface SlackAnswer {
  httpStatus: number;
  body: JsonRecord;
}

/** The `emulate` Slack server, spoken to as the bot or as the person who installed it. */
export interface SlackEmulator {
  url: string;
  callAsBot(method: string, args: JsonRecord): Promise<SlackAnswer>;
  callAsInstaller(method: string, args: JsonRecord): Promise<SlackAnswer>;
  close(): Promise<void>;
}

/** The emulator's built-in admin, who cannot be seeded away: hidden from the app, used to set things up. */
export const INSTALLER_ID = 'U000000001';
export const TEAM_ID = 'T000000001';
export const APP_ID = 'A0FIRSTCALL';
export const BOT_ID = 'B0FIRSTCALL';
export const BOT_USER_ID = 'U0FIRSTCALL';

// The emulator answers 403 after 5,000 calls an hour with one token, which Slack does not do:
// the proxy deals its calls over several tokens of the same bot.
const TOKEN_COUNT = 200;
const INSTALLER_TOKEN = 'xoxp-sample-installer';

export async function startSlackEmulator(
  manifest: SlackManifest,
  seed: { teamName: string; users: readonly SeedUser[]; channels: readonly SeedChannel[] },
): Promise<SlackEmulator> {
  const tokens = Array.from({ length: TOKEN_COUNT }, (_, index) => `xoxb-sample-pool-${index}`);
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    hostname: '127.0.0.1',
    seed: { tokens: {}, slack: slackSeed(manifest, seed, tokens) },
  });
  let turn = 0;
  async function call(token: string, method: string, args: JsonRecord): Promise<SlackAnswer> {
    const response = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const body: unknown = await response.json();
    return { httpStatus: response.status, body: isRecord(body) ? body : {} };
  }
  return {
    url: emulator.url,
    callAsBot(method, args) {
      turn = (turn + 1) % tokens.length;
      return call(tokens[turn] ?? '', method, args);
    },
    callAsInstaller: (method, args) => call(INSTALLER_TOKEN, method, args),
    close: () => emulator.close(),
  };
}

function slackSeed(
  manifest: SlackManifest,
  seed: { teamName: string; users: readonly SeedUser[]; channels: readonly SeedChannel[] },
  tokens: readonly string[],
): JsonRecord {
  const bot = { app_id: APP_ID, bot_id: BOT_ID, bot_user_id: BOT_USER_ID };
  return {
    team: { name: seed.teamName, domain: 'firstcall-sample' },
    users: seed.users.map((user) => ({
      name: user.name,
      real_name: user.realName,
      email: user.email,
      is_admin: user.isAdmin ?? false,
    })),
    channels: seed.channels.map((channel) => ({
      name: channel.name,
      is_private: channel.isPrivate ?? false,
    })),
    oauth_apps: [
      {
        ...bot,
        client_id: 'sample.firstcall',
        client_secret: 'sample-client-secret',
        name: manifest.botName,
        bot_name: 'firstcall',
        redirect_uris: [],
        scopes: manifest.botScopes,
      },
    ],
    tokens: [
      { token: INSTALLER_TOKEN, type: 'user', user_id: INSTALLER_ID, app_id: APP_ID },
      ...tokens.map((token) => ({
        ...bot,
        token,
        type: 'bot',
        user_id: BOT_USER_ID,
        scopes: manifest.botScopes,
      })),
    ],
    strict_scopes: true,
  };
}

/** All pages of a list method, as the installer. */
export async function listAll(
  emulator: SlackEmulator,
  method: string,
  key: string,
  args: JsonRecord = {},
): Promise<JsonRecord[]> {
  const { body } = await emulator.callAsInstaller(method, { ...args, limit: 1_000 });
  return [...recordsOf(body[key])];
}

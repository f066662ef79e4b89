import { type Clock, systemClock } from '../../src/platform/clock.ts';
import { createFaults, type Faults } from '../doubles/faults.ts';
import { type JsonRecord, recordOf, stringOf } from '../doubles/json.ts';
import { type LoopbackServer, startLoopbackServer } from '../doubles/loopback-server.ts';
import { type ClientState, type ClientStateWriter, createClientState } from './client-state.ts';
import {
  APP_ID,
  BOT_ID,
  BOT_USER_ID,
  INSTALLER_ID,
  listAll,
  type SeedChannel,
  type SeedUser,
  type SlackAnswer,
  type SlackEmulator,
  startSlackEmulator,
  TEAM_ID,
} from './emulator.ts';
import { createJournal, type JournalWriter, type SlackJournal } from './journal.ts';
import { readManifest, type SlackManifest } from './manifest.ts';
import { handleSlackRequest } from './proxy.ts';
import { createRateLimiter, type RateLimit, SLACK_RATE_LIMITS } from './rate-limits.ts';
import { createResponseUrls, type ResponseUrls } from './response-urls.ts';
import { createViews, type Views } from './views.ts';
import { createWebApi } from './web-api.ts';

export interface WorkspaceUser {
  id: string;
  name: string;
  realName: string;
  email: string;
}

export interface WorkspaceChannel {
  id: string;
  name: string;
  isPrivate: boolean;
}

export const SAMPLE_USERS = {
  repOne: {
    name: 'sample-rep-one',
    realName: 'Sample Rep One',
    email: 'rep.one@example.com',
  },
  repTwo: {
    name: 'sample-rep-two',
    realName: 'Sample Rep Two',
    email: 'rep.two@example.com',
  },
  manager: {
    name: 'sample-manager',
    realName: 'Sample Manager',
    email: 'manager@example.com',
  },
  admin: {
    name: 'sample-admin',
    realName: 'Sample Admin',
    email: 'admin@example.com',
    isAdmin: true,
  },
} as const satisfies Record<string, SeedUser>;

export type SampleUserKey = keyof typeof SAMPLE_USERS;

export const SAMPLE_CHANNELS: readonly SeedChannel[] = [
  { name: 'leads-enterprise' },
  { name: 'leads-growth' },
];

export interface SlackWorkspaceOptions {
  /** On top of the four sample people. */
  users?: readonly SeedUser[];
  /** On top of #leads-enterprise and #leads-growth. */
  channels?: readonly SeedChannel[];
  /** Slack's own by default. */
  rateLimits?: readonly RateLimit[] | 'off';
  clock?: Clock;
  /** 0, the default, takes a free port. */
  port?: number;
  manifest?: SlackManifest;
  /** How a message's metadata becomes the key by which it must exist once. */
  messageKeyOf?: (metadata: unknown) => string | undefined;
}

/** A Slack workspace on loopback: what the app talks to, and what people see. */
export interface SlackWorkspace {
  url: string;
  /** For the app's `slackApiUrl`; ends in `/api/`. */
  apiUrl: string;
  botToken: string;
  teamId: string;
  appId: string;
  botId: string;
  botUserId: string;
  manifest: SlackManifest;
  users: Readonly<Record<SampleUserKey, WorkspaceUser>>;
  allUsers: readonly WorkspaceUser[];
  channels: readonly WorkspaceChannel[];
  /** Throws when there is no such channel; takes `leads-growth` or `#leads-growth`. */
  channelId(name: string): string;
  clock: Clock;
  faults: Faults;
  journal: SlackJournal;
  state: ClientState;
  setRateLimits(limits: readonly RateLimit[] | 'off'): void;
  /** All further calls get this error (`token_revoked`), or none when undefined. */
  setTokenError(error: string | undefined): void;
  setBotMember(channel: string, isMember: boolean): void;
  /** Straight to the emulator with every scope, past proxy and journal: to set a scene. */
  callAsInstaller(method: string, args: JsonRecord): Promise<SlackAnswer>;
  /** For `createPerson`. */
  interactions: Interactions;
  close(): Promise<void>;
}

export interface Interactions {
  views: Views;
  responseUrls: ResponseUrls;
  /** Writes what Slack itself shows to a person. */
  state: ClientStateWriter;
  /** Records what the app answered wrongly over HTTP. */
  journal: JournalWriter;
  /** The id of the direct message between the bot and a person. */
  directMessage(user: string): Promise<string>;
}

export const BOT_TOKEN = 'xoxb-sample-firstcall';
/** App-level, for Socket Mode; the workspace opens no sockets, it only says whether it would. */
export const APP_TOKEN = 'xapp-sample-firstcall';

/** Starts emulator and proxy. Rejects when a port cannot be bound or the manifest is not valid. */
export async function createSlackWorkspace(
  options: SlackWorkspaceOptions = {},
): Promise<SlackWorkspace> {
  const clock = options.clock ?? systemClock;
  const manifest = options.manifest ?? readManifest();
  const seedChannels = [...SAMPLE_CHANNELS, ...(options.channels ?? [])];
  const emulator = await startSlackEmulator(manifest, {
    teamName: 'First Call sample workspace',
    users: [...Object.values(SAMPLE_USERS), ...(options.users ?? [])],
    channels: seedChannels,
  });
  const people = await readDirectory(emulator);
  await showRealNames(emulator, people.allUsers);
  const botChannels = await inviteBot(emulator, people.channels, seedChannels);
  const journal = createJournal(options.messageKeyOf);
  const state = createClientState();
  const views = createViews(emulator, state);
  const faults = createFaults();
  let server: LoopbackServer | undefined;
  const responseUrls = createResponseUrls(emulator, state, clock, () => server?.url ?? '');
  const resolveChannel = channelResolver(people.channels);
  const api = createWebApi({
    emulator,
    state,
    views,
    resolveChannel,
    isBotIn: (id) => !people.channels.some((each) => each.id === id) || botChannels.has(id),
  });
  let tokenError: string | undefined;
  let limiter = limiterFor(options.rateLimits ?? SLACK_RATE_LIMITS, clock);
  const proxy = {
    api,
    responseUrls,
    journal,
    faults,
    clock,
    limiter: () => limiter,
    resolveChannel,
    refuseToken: (token: string | undefined, method: string) =>
      tokenError ?? checkToken(token, method),
    scopes: manifest.botScopes,
  };
  server = await startLoopbackServer(
    (request, response) => handleSlackRequest(proxy, request, response),
    options.port,
  );
  const running = server;
  return {
    url: running.url,
    apiUrl: `${running.url}/api/`,
    botToken: BOT_TOKEN,
    teamId: TEAM_ID,
    appId: APP_ID,
    botId: BOT_ID,
    botUserId: BOT_USER_ID,
    manifest,
    ...people,
    channelId: (name) => channelIdOf(people.channels, name),
    clock,
    faults,
    journal,
    state,
    setRateLimits: (limits) => {
      limiter = limiterFor(limits, clock);
    },
    setTokenError: (error) => {
      tokenError = error;
    },
    setBotMember(channel, isMember) {
      const id = channelIdOf(people.channels, channel);
      if (isMember) botChannels.add(id);
      else botChannels.delete(id);
    },
    callAsInstaller: emulator.callAsInstaller,
    interactions: {
      views,
      responseUrls,
      state,
      journal,
      async directMessage(user) {
        const { body } = await emulator.callAsBot('conversations.open', { users: user });
        return String(recordOf(body.channel).id);
      },
    },
    async close() {
      faults.clear();
      await running.close();
      await emulator.close();
    },
  };
}

function limiterFor(
  limits: readonly RateLimit[] | 'off',
  clock: Clock,
): ReturnType<typeof createRateLimiter> | undefined {
  return limits === 'off' ? undefined : createRateLimiter(limits, clock);
}

/** Sockets are opened with the app's own token, all else with the bot's. */
function checkToken(token: string | undefined, method: string): string | undefined {
  if (token === undefined || token === '') return 'not_authed';
  if (token !== BOT_TOKEN && token !== APP_TOKEN) return 'invalid_auth';
  const isApps = method.startsWith('apps.');
  return (token === APP_TOKEN) === isApps ? undefined : 'not_allowed_token_type';
}

interface Directory {
  users: Readonly<Record<SampleUserKey, WorkspaceUser>>;
  allUsers: readonly WorkspaceUser[];
  channels: readonly WorkspaceChannel[];
}

/** The emulator makes the ids; they are read back by e-mail and name. */
async function readDirectory(emulator: SlackEmulator): Promise<Directory> {
  const members = await listAll(emulator, 'users.list', 'members');
  const allUsers = members
    .filter((user) => user.is_bot !== true && user.id !== INSTALLER_ID)
    .map((user) => ({
      id: String(user.id),
      name: String(user.name),
      realName: String(user.real_name),
      email: stringOf(recordOf(user.profile).email) ?? '',
    }));
  const byEmail = (email: string): WorkspaceUser => {
    const user = allUsers.find((each) => each.email === email);
    if (user === undefined) throw new Error(`sample user ${email} was not seeded`);
    return user;
  };
  const channels = await listAll(emulator, 'conversations.list', 'channels', {
    types: 'public_channel,private_channel',
  });
  return {
    users: {
      repOne: byEmail(SAMPLE_USERS.repOne.email),
      repTwo: byEmail(SAMPLE_USERS.repTwo.email),
      manager: byEmail(SAMPLE_USERS.manager.email),
      admin: byEmail(SAMPLE_USERS.admin.email),
    },
    allUsers,
    channels: channels.map((channel) => ({
      id: String(channel.id),
      name: String(channel.name),
      isPrivate: channel.is_private === true,
    })),
  };
}

async function inviteBot(
  emulator: SlackEmulator,
  channels: readonly WorkspaceChannel[],
  seeds: readonly SeedChannel[],
): Promise<Set<string>> {
  const invited = channels.filter((channel) =>
    seeds.some((seed) => seed.name === channel.name && seed.hasBot !== false),
  );
  for (const { id, name } of invited) {
    const { body } = await emulator.callAsInstaller('conversations.invite', {
      channel: id,
      users: BOT_USER_ID,
    });
    if (body.ok !== true) throw new Error(`cannot invite the bot to #${name}: ${body.error}`);
  }
  return new Set(invited.map((channel) => channel.id));
}

/** The emulator calls people by their handle; in a real workspace most are shown by their name. */
async function showRealNames(emulator: SlackEmulator, users: readonly WorkspaceUser[]) {
  for (const { id, realName } of users) {
    const profile = JSON.stringify({ display_name: realName });
    const { body } = await emulator.callAsInstaller('users.profile.set', { user: id, profile });
    if (body.ok !== true) throw new Error(`cannot name ${id}: ${body.error}`);
  }
}

function channelResolver(channels: readonly WorkspaceChannel[]): (nameOrId: string) => string {
  return (nameOrId) => {
    const name = nameOrId.replace(/^#/, '');
    return channels.find((each) => each.name === name)?.id ?? nameOrId;
  };
}

function channelIdOf(channels: readonly WorkspaceChannel[], nameOrId: string): string {
  const name = nameOrId.replace(/^#/, '');
  const channel = channels.find((each) => each.name === name || each.id === nameOrId);
  if (channel === undefined) throw new Error(`no channel ${nameOrId}`);
  return channel.id;
}

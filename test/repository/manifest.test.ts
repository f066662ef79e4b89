import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND, SHORTCUTS } from '../../src/delivery/action-ids.ts';
import { codeOf, readFiles, readOne, type SourceFile } from './source-files.ts';

const Command = z.strictObject({
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]+$/)
    .max(32),
  url: z.url({ protocol: /^https$/ }),
  description: z.string().min(1).max(2000),
  usage_hint: z.string().max(1000).optional(),
  should_escape: z.boolean().optional(),
});

const Shortcut = z.strictObject({
  name: z.string().min(1).max(24),
  type: z.enum(['message', 'global']),
  callback_id: z.string().max(255),
  description: z.string().min(1).max(150),
});

const Url = z.url({ protocol: /^https$/ });

/** Slack's schema of a manifest (v2) with its limits, as far as we use it: unknown keys are refused there too. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.number() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140).optional(),
    long_description: z.string().min(175).max(4000).optional(),
    background_color: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .optional(),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    shortcuts: z.array(Shortcut).max(10),
    slash_commands: z.array(Command).max(50),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: z.array(z.string().max(255)).max(255) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: Url,
      bot_events: z.array(z.string()).max(100),
    }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: Url }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** The bot scopes that a Web API method asks for, for what we use it. A method that is not here fails the test. */
const METHOD_SCOPES: Record<string, string[]> = {
  'auth.test': [],
  // A board that is posted anew takes the one before away.
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  // Looking up a lost post, wherever we post: public and private channels, direct messages.
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.list': ['channels:read', 'groups:read'],
  // The same in the thread of a hot lead.
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read', 'users:read.email'],
  // Slack gives users:read.email only together with users:read.
  'users.lookupByEmail': ['users:read', 'users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** The bot scopes without which Slack does not send an event. */
const EVENT_SCOPES: Record<string, string[]> = {
  app_home_opened: [],
  app_uninstalled: [],
  channel_archive: ['channels:read'],
  channel_rename: ['channels:read'],
  group_archive: ['groups:read'],
  group_rename: ['groups:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  tokens_revoked: [],
};

let manifest: z.infer<typeof Manifest>;
let delivery: SourceFile[];

beforeAll(async () => {
  manifest = Manifest.parse(parse(await readOne('manifest.yml')));
  delivery = await readFiles('src/delivery/**/*.ts', 'src/app.ts');
});

describe('manifest.yml', () => {
  it('offers the command that we answer', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
  });

  it('offers the shortcuts that we answer', () => {
    const offered = manifest.features.shortcuts.map((shortcut) => shortcut.callback_id);
    expect(offered.sort()).toEqual(Object.values<string>(SHORTCUTS).sort());
  });

  it('subscribes to the events that we listen to', () => {
    expect(manifest.settings.event_subscriptions.bot_events.toSorted()).toEqual(listenedEvents());
  });

  it('asks for the scopes that our calls and events need, and for no other', () => {
    const methods = calledMethods();
    expect(methods.filter((method) => METHOD_SCOPES[method] === undefined)).toEqual([]);
    const events = manifest.settings.event_subscriptions.bot_events;
    expect(events.filter((event) => EVENT_SCOPES[event] === undefined)).toEqual([]);
    const needed = [
      'commands',
      ...methods.flatMap((method) => METHOD_SCOPES[method] ?? []),
      ...events.flatMap((event) => EVENT_SCOPES[event] ?? []),
    ];
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...new Set(needed)].sort());
  });

  it('sends everything to one address', () => {
    const { event_subscriptions: events, interactivity } = manifest.settings;
    const urls = manifest.features.slash_commands.map((command) => command.url);
    expect(new Set([...urls, events.request_url, interactivity.request_url]).size).toBe(1);
  });

  it('is explained in the README, scope by scope', async () => {
    const readme = await readOne('README.md');
    const missing = manifest.oauth_config.scopes.bot.filter(
      (scope) => !readme.includes(`\`${scope}\``),
    );
    expect(missing).toEqual([]);
  });
});

describe('what our messages and modals send back', () => {
  it('has a listener for every action, view and shortcut', () => {
    const inListeners = namesIn(delivery.filter(({ path }) => path.includes('/listeners/')));
    const drawn = namesIn(delivery.filter(({ path }) => !path.includes('/listeners/')));
    const shortcuts = Object.keys(SHORTCUTS).map((name) => `SHORTCUTS.${name}`);
    expect(drawn.length).toBeGreaterThan(10);
    expect([...drawn, ...shortcuts].filter((name) => !inListeners.includes(name))).toEqual([]);
  });
});

/** `ACTIONS.leadAccept` and the like, where code names them. */
function namesIn(files: SourceFile[]): string[] {
  const text = files.map((file) => codeOf(file.text)).join('\n');
  return [...new Set(text.match(/\b(?:ACTIONS|VIEWS|SHORTCUTS)\.\w+/g))].sort();
}

/** `client.chat.postMessage(...)`, whatever the client is called, and `apiCall('chat.postMessage')`. */
function calledMethods(): string[] {
  const names = delivery.flatMap(({ text }) => [
    ...[...text.matchAll(/\bclient\??\.([a-z]+\.[a-zA-Z]+)\(/g)].map((match) => match[1] ?? ''),
    ...[...text.matchAll(/\bapiCall\('([a-zA-Z.]+)'/g)].map((match) => match[1] ?? ''),
  ]);
  return [...new Set(names)].sort();
}

/** The first argument of Bolt's `app.event(...)`. */
function listenedEvents(): string[] {
  const names = delivery.flatMap(({ text }) =>
    [...text.matchAll(/\.event\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
  );
  return [...new Set(names)].sort();
}

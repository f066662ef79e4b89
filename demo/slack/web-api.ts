import { isRecord, type JsonRecord, parseJson, recordsOf, stringOf } from '../doubles/json.ts';
import type { BlockError } from './block-checks.ts';
import { withBlockIds } from './block-ids.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import type { ClientStateWriter, SlackMessage } from './client-state.ts';
import {
  APP_ID,
  BOT_ID,
  INSTALLER_ID,
  type SlackAnswer,
  type SlackEmulator,
  TEAM_ID,
} from './emulator.ts';
import { isTrue, readHistory, withoutMetadata } from './history.ts';
import { validateMessage } from './validate-blocks.ts';
import { validateView } from './validate-view.ts';
import type { Views } from './views.ts';

export interface WebApiContext {
  emulator: SlackEmulator;
  state: ClientStateWriter;
  views: Views;
  /** Whether the bot may post there; direct messages are always open to it. */
  isBotIn(channel: string): boolean;
  /** The channel id for an id, a name or a `#name`. */
  resolveChannel(nameOrId: string): string;
}

export interface WebApi {
  execute(method: string, args: JsonRecord): Promise<SlackAnswer>;
}

type Method = (context: WebApiContext, args: JsonRecord) => Promise<SlackAnswer>;

/** Methods in which the emulator needs help; all others go to it as they are. */
const METHODS: Readonly<Record<string, Method>> = {
  'apps.connections.open': async () => ({
    httpStatus: 200,
    body: { ok: true, url: 'wss://127.0.0.1/link' },
  }),
  'chat.postMessage': postMessage,
  'chat.update': updateMessage,
  'chat.delete': deleteMessage,
  'chat.postEphemeral': postEphemeral,
  'conversations.history': ({ emulator }, args) => readHistory(emulator, args),
  'conversations.info': readChannel,
  'conversations.replies': readReplies,
  'conversations.members': ({ emulator }, args) => withoutInstaller(emulator, args, 'members'),
  'users.info': readUser('users.info'),
  'users.list': listUsers,
  'users.lookupByEmail': readUser('users.lookupByEmail'),
  'views.open': ({ views }, args) => views.open(args),
  'views.push': ({ views }, args) => views.push(args),
  'views.update': ({ views }, args) => views.update(args),
  'views.publish': ({ views }, args) => views.publish(args),
};

export function createWebApi(context: WebApiContext): WebApi {
  return {
    execute: (method, args) =>
      METHODS[method]?.(context, args) ?? context.emulator.callAsBot(method, args),
  };
}

const JSON_ARGUMENTS = ['blocks', 'attachments', 'metadata', 'view', 'unfurls'];

/** Form or JSON body to arguments, with the JSON inside form fields read. */
export function parseArguments(contentType: string, body: string): JsonRecord {
  if (contentType.includes('application/json')) {
    const parsed = parseJson(body);
    return isRecord(parsed) ? parsed : {};
  }
  const args: JsonRecord = Object.fromEntries(new URLSearchParams(body));
  for (const key of JSON_ARGUMENTS) {
    const value = args[key];
    if (typeof value === 'string') args[key] = parseJson(value) ?? value;
  }
  return args;
}

const VIEW_METHODS = ['views.open', 'views.push', 'views.update', 'views.publish'];
const MESSAGE_METHODS = ['chat.postMessage', 'chat.postEphemeral', 'chat.scheduleMessage'];

/** Broken Block Kit limits in a call, each with its pointer. */
export function validateArguments(method: string, args: JsonRecord): readonly BlockError[] {
  if (VIEW_METHODS.includes(method)) {
    return validateView(args.view).map(({ pointer, message }) => ({
      pointer: `/view${pointer}`,
      message,
    }));
  }
  if (method === 'chat.update') return validateMessage(args, BLOCK_KIT_LIMITS.message.updateText);
  return MESSAGE_METHODS.includes(method) ? validateMessage(args) : [];
}

/** Slack's own error code for a set of broken limits. */
export function errorCodeFor(method: string, errors: readonly BlockError[]): string {
  const has = (start: string): boolean => errors.some((each) => each.message.startsWith(start));
  const onlyAt = (start: string): boolean => errors.every((each) => each.pointer.startsWith(start));
  if (method.startsWith('views.'))
    return has('view_too_large') ? 'view_too_large' : 'invalid_arguments';
  if (has('msg_blocks_too_long')) return 'msg_blocks_too_long';
  if (onlyAt('/text')) return has('missing') ? 'no_text' : 'msg_too_long';
  if (has('metadata_too_large')) return 'metadata_too_large';
  if (onlyAt('/metadata')) return 'invalid_metadata_format';
  if (onlyAt('/attachments')) return 'invalid_attachments';
  if (onlyAt('/markdown_text')) return 'markdown_text_conflict';
  return has('must be an array') && onlyAt('/blocks') && errors.length === 1
    ? 'invalid_blocks_format'
    : 'invalid_blocks';
}

async function postMessage(context: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const channel = context.resolveChannel(String(args.channel ?? ''));
  if (!context.isBotIn(channel)) return failure('not_in_channel');
  return commitMessage(context, 'chat.postMessage', { ...args, channel });
}

async function updateMessage(context: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  return commitMessage(context, 'chat.update', args);
}

async function commitMessage(
  { emulator, state }: WebApiContext,
  method: string,
  args: JsonRecord,
): Promise<SlackAnswer> {
  const answer = await emulator.callAsBot(method, args);
  const message = messageOf(answer.body.message);
  if (answer.body.ok !== true || message === undefined) return answer;
  state.putMessage(String(answer.body.channel), message);
  return { ...answer, body: { ...answer.body, message } };
}

async function deleteMessage(context: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const answer = await context.emulator.callAsBot('chat.delete', args);
  if (answer.body.ok === true) {
    context.state.deleteMessage(String(args.channel), String(args.ts));
  }
  return answer;
}

async function postEphemeral(context: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const channel = context.resolveChannel(String(args.channel ?? ''));
  if (!context.isBotIn(channel)) return failure('not_in_channel');
  const answer = await context.emulator.callAsBot('chat.postEphemeral', { ...args, channel });
  const ts = stringOf(answer.body.message_ts);
  if (ts !== undefined) {
    const { text, blocks, metadata } = args;
    const message = messageOf({ type: 'message', ts, text, blocks, metadata });
    if (message !== undefined) {
      context.state.putEphemeral(String(args.user), { ...message, channel });
    }
  }
  return answer;
}

/** Completes a message with what Slack says about a bot's messages and the emulator does not. */
export function messageOf(value: unknown): SlackMessage | undefined {
  if (!isRecord(value)) return undefined;
  const { blocks, metadata, ...rest } = value;
  return {
    ...rest,
    ts: String(value.ts),
    text: String(value.text ?? ''),
    team: TEAM_ID,
    bot_id: BOT_ID,
    app_id: APP_ID,
    ...(Array.isArray(blocks) ? { blocks: withBlockIds(blocks) } : {}),
    ...(isRecord(metadata) ? { metadata } : {}),
  };
}

async function readReplies({ emulator }: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const answer = await emulator.callAsBot('conversations.replies', args);
  const keep = isTrue(args.include_all_metadata);
  const messages = recordsOf(answer.body.messages).map((each) => withoutMetadata(each, keep));
  return answer.body.ok === true ? { ...answer, body: { ...answer.body, messages } } : answer;
}

/** Whether the bot is in it is the workspace's to say: scenes take it out of a channel. */
async function readChannel(context: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const answer = await context.emulator.callAsBot('conversations.info', args);
  const { channel } = answer.body;
  if (answer.body.ok !== true || !isRecord(channel)) return answer;
  const is_member = context.isBotIn(String(channel.id));
  return { ...answer, body: { ...answer.body, channel: { ...channel, is_member } } };
}

async function listUsers({ emulator }: WebApiContext, args: JsonRecord): Promise<SlackAnswer> {
  const answer = await emulator.callAsBot('users.list', args);
  const members = recordsOf(answer.body.members).filter((user) => user.id !== INSTALLER_ID);
  return answer.body.ok === true ? { ...answer, body: { ...answer.body, members } } : answer;
}

/** Slack tells where people are; the emulator does not. */
const ZONE = { tz: 'America/New_York', tz_label: 'Eastern Time', tz_offset: -18_000 };

function readUser(method: string): Method {
  return async ({ emulator }, args) => {
    const email = args.email === undefined ? {} : { email: lowerCase(args.email) };
    const answer = await emulator.callAsBot(method, { ...args, ...email });
    const { user } = answer.body;
    if (answer.body.ok !== true || !isRecord(user)) return answer;
    return { ...answer, body: { ...answer.body, user: { ...user, ...ZONE } } };
  };
}

async function withoutInstaller(
  emulator: SlackEmulator,
  args: JsonRecord,
  key: string,
): Promise<SlackAnswer> {
  const answer = await emulator.callAsBot('conversations.members', args);
  const ids = answer.body[key];
  if (answer.body.ok !== true || !Array.isArray(ids)) return answer;
  return { ...answer, body: { ...answer.body, [key]: ids.filter((id) => id !== INSTALLER_ID) } };
}

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function failure(error: string): SlackAnswer {
  return { httpStatus: 200, body: { ok: false, error } };
}

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/platform/clock.ts';
import { isRecord, type JsonRecord, stringOf } from '../doubles/json.ts';
import type { BlockError } from './block-checks.ts';
import { BLOCK_KIT_LIMITS } from './block-kit-limits.ts';
import type { ClientStateWriter } from './client-state.ts';
import type { SlackEmulator } from './emulator.ts';
import { validateMessage } from './validate-blocks.ts';
import { errorCodeFor, messageOf } from './web-api.ts';

const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;

/** What an interaction was about: a response_url answers to it. */
export interface ResponseTarget {
  user: string;
  channel: string;
  /** The message that was clicked, if any. */
  messageTs?: string;
  isEphemeral?: boolean;
}

export interface ResponseResult {
  httpStatus: number;
  body: JsonRecord;
  errors: readonly BlockError[];
  committed: boolean;
}

export interface ResponseUrls {
  issue(target: ResponseTarget): string;
  respond(id: string, payload: unknown): Promise<ResponseResult>;
  /** Shows a message to one person, or in the channel, as an answer in the HTTP response does. */
  show(target: ResponseTarget, payload: JsonRecord): Promise<readonly BlockError[]>;
}

export function createResponseUrls(
  emulator: SlackEmulator,
  state: ClientStateWriter,
  clock: Clock,
  baseUrl: () => string,
): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; uses: number; expiresAt: number }>();
  let counter = 0;

  function nextTs(): string {
    counter += 1;
    return `${Math.floor(clock.now().getTime() / 1_000)}.9${String(counter).padStart(5, '0')}`;
  }

  async function show(target: ResponseTarget, payload: JsonRecord): Promise<readonly BlockError[]> {
    const replaces = payload.replace_original === true && target.messageTs !== undefined;
    const { text: most, updateText } = BLOCK_KIT_LIMITS.message;
    const errors = validateMessage(payload, replaces ? updateText : most);
    if (errors.length > 0) return errors;
    const { text, blocks, metadata } = payload;
    if (payload.replace_original === true && target.messageTs !== undefined) {
      await replace(target, { text, blocks, metadata }, target.messageTs);
    } else if (payload.response_type === 'in_channel') {
      await commit('chat.postMessage', { channel: target.channel, text, blocks, metadata });
    } else {
      const message = messageOf({ type: 'message', ts: nextTs(), text, blocks });
      if (message) state.putEphemeral(target.user, { ...message, channel: target.channel });
    }
    return [];
  }

  async function replace(target: ResponseTarget, content: JsonRecord, ts: string): Promise<void> {
    if (target.isEphemeral !== true) {
      await commit('chat.update', { channel: target.channel, ts, ...content });
      return;
    }
    const message = messageOf({ type: 'message', ts, ...content });
    if (message) state.putEphemeral(target.user, { ...message, channel: target.channel });
  }

  async function commit(method: string, args: JsonRecord): Promise<void> {
    const { body } = await emulator.callAsBot(method, withoutUndefined(args));
    const message = messageOf(body.message);
    if (body.ok === true && message) state.putMessage(String(body.channel), message);
  }

  async function remove({ user, channel, messageTs, isEphemeral }: ResponseTarget): Promise<void> {
    if (messageTs === undefined) return;
    if (isEphemeral === true) {
      state.deleteEphemeral(user, messageTs);
      return;
    }
    await emulator.callAsBot('chat.delete', { channel, ts: messageTs });
    state.deleteMessage(channel, messageTs);
  }

  return {
    show,
    issue(target) {
      const id = randomUUID();
      issued.set(id, { target, uses: 0, expiresAt: clock.now().getTime() + LIFETIME_MS });
      return `${baseUrl()}/response/${id}`;
    },
    async respond(id, payload) {
      const entry = issued.get(id);
      if (entry === undefined) return refusal(404, 'no_such_url');
      if (clock.now().getTime() > entry.expiresAt) return refusal(404, 'expired_url');
      if (entry.uses >= MAX_USES) return refusal(404, 'used_url');
      entry.uses += 1;
      if (!isRecord(payload)) return refusal(400, 'invalid_payload');
      if (payload.delete_original === true) {
        await remove(entry.target);
        if (stringOf(payload.text) === undefined) return accepted();
      }
      const errors = await show(entry.target, payload);
      return errors.length === 0
        ? accepted()
        : { ...refusal(400, errorCodeFor('response_url', errors)), errors };
    },
  };
}

function accepted(): ResponseResult {
  return { httpStatus: 200, body: { ok: true }, errors: [], committed: true };
}

function refusal(httpStatus: number, error: string): ResponseResult {
  return { httpStatus, body: { ok: false, error }, errors: [], committed: false };
}

function withoutUndefined(args: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}

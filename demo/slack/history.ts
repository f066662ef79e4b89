import { type JsonRecord, recordsOf, stringOf } from '../doubles/json.ts';
import type { SlackAnswer, SlackEmulator } from './emulator.ts';

const PAGE = 200;

/**
 * conversations.history with what the emulator lacks: `oldest`, `latest`, `inclusive`, and metadata
 * only when `include_all_metadata` asks for it.
 */
export async function readHistory(emulator: SlackEmulator, args: JsonRecord): Promise<SlackAnswer> {
  const limit = Math.min(Math.max(Number(args.limit) || 100, 1), 999);
  const found: JsonRecord[] = [];
  let cursor = stringOf(args.cursor);
  for (;;) {
    const page = await emulator.callAsBot('conversations.history', {
      channel: args.channel,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (page.body.ok !== true) return page;
    const messages = recordsOf(page.body.messages);
    found.push(...messages.filter((message) => isWithin(String(message.ts), args)));
    cursor = nextCursor(page.body);
    const last = messages.at(-1);
    const isPast = last === undefined || isBefore(String(last.ts), stringOf(args.oldest));
    if (cursor === undefined || isPast || found.length > limit) break;
  }
  return answerWith(found, limit, isTrue(args.include_all_metadata));
}

function answerWith(
  found: readonly JsonRecord[],
  limit: number,
  withMetadata: boolean,
): SlackAnswer {
  const next = found[limit];
  return {
    httpStatus: 200,
    body: {
      ok: true,
      messages: found.slice(0, limit).map((message) => withoutMetadata(message, withMetadata)),
      has_more: next !== undefined,
      response_metadata: { next_cursor: next === undefined ? '' : String(next.ts) },
    },
  };
}

export function withoutMetadata(message: JsonRecord, keep: boolean): JsonRecord {
  if (keep) return message;
  const { metadata: _hidden, ...rest } = message;
  return rest;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1' || value === 1;
}

function nextCursor(body: JsonRecord): string | undefined {
  const metadata = recordsOf([body.response_metadata])[0];
  return stringOf(metadata?.next_cursor);
}

function isBefore(ts: string, oldest: string | undefined): boolean {
  return oldest !== undefined && Number(ts) < Number(oldest);
}

function isWithin(ts: string, args: JsonRecord): boolean {
  const at = Number(ts);
  const oldest = stringOf(args.oldest);
  const latest = stringOf(args.latest);
  const inclusive = isTrue(args.inclusive);
  if (oldest !== undefined && (inclusive ? at < Number(oldest) : at <= Number(oldest)))
    return false;
  return latest === undefined || (inclusive ? at <= Number(latest) : at < Number(latest));
}

import { canonicalJson, isRecord, type JsonRecord } from '../doubles/json.ts';
import type { BlockError } from './block-checks.ts';

/** One call that reached the workspace, whatever became of it. */
export interface SlackCall {
  seq: number;
  /** When it arrived. */
  at: Date;
  /** Web API method, or `response_url`. */
  method: string;
  args: JsonRecord;
  /** The channel it went to: the id that Slack resolved, once known. */
  channel: string | undefined;
  ts: string | undefined;
  /** What the message is about, from its metadata: the same key twice means posted twice. */
  messageKey: string | undefined;
  /** True once the workspace has changed (or answered a read) because of it. */
  committed: boolean;
  /** Slack's answer; undefined while under way. */
  ok: boolean | undefined;
  error: string | undefined;
  httpStatus: number | undefined;
  /** True when the answer left; false when the connection was cut. */
  answered: boolean;
  /** The programmed fault that hit it. */
  fault: string | undefined;
  elapsedMs: number | undefined;
}

export interface Violation {
  method: string;
  at: Date;
  callSeq: number;
  errors: readonly BlockError[];
}

export interface CallFilter {
  method?: string;
  channel?: string;
  committed?: boolean;
  ok?: boolean;
  messageKey?: string;
  error?: string;
}

export interface SlackJournal {
  readonly all: readonly SlackCall[];
  /** What Slack would have refused, in calls, answers and views, until it is taken. */
  readonly violations: readonly Violation[];
  /** For a test that breaks a limit on purpose: the violations so far, which count no longer. */
  takeViolations(): readonly Violation[];
  calls(filter?: CallFilter): SlackCall[];
  count(filter?: CallFilter): number;
  /** Messages that really exist or existed: committed posts, oldest first. */
  posts(channel?: string): SlackCall[];
  /** Committed posts that share a message key, by key: must be empty. */
  duplicatePosts(): Map<string, SlackCall[]>;
  /** Forgets all calls so far, for a test that counts from here; what Slack would have refused stays. */
  clear(): void;
}

export interface JournalWriter extends SlackJournal {
  start(call: Pick<SlackCall, 'at' | 'method' | 'args' | 'channel'>): SlackCall;
  violation(violation: Violation): void;
}

/**
 * What a message is, from its metadata: our own `key` (and what it replaces: a re-post is another
 * message), otherwise the whole payload. Undefined without metadata.
 */
export function messageKeyOf(metadata: unknown): string | undefined {
  if (!isRecord(metadata) || typeof metadata.event_type !== 'string') return undefined;
  const payload = metadata.event_payload;
  const key = isRecord(payload) && typeof payload.key === 'string' ? payload.key : undefined;
  if (key === undefined) return `${metadata.event_type}:${canonicalJson(payload)}`;
  const replaced = isRecord(payload) ? payload.replaces : undefined;
  const suffix = replaced === undefined ? '' : ` for ${canonicalJson(replaced)}`;
  return `${metadata.event_type}:${key}${suffix}`;
}

export function createJournal(
  keyOf: (metadata: unknown) => string | undefined = messageKeyOf,
): JournalWriter {
  const all: SlackCall[] = [];
  const violations: Violation[] = [];
  let seq = 0;

  function calls(filter: CallFilter = {}): SlackCall[] {
    const same = <T>(wanted: T | undefined, value: T): boolean =>
      wanted === undefined || wanted === value;
    return all.filter(
      (call) =>
        same(filter.method, call.method) &&
        same(filter.channel, call.channel) &&
        same(filter.committed, call.committed) &&
        same(filter.ok, call.ok) &&
        same(filter.error, call.error) &&
        same(filter.messageKey, call.messageKey),
    );
  }

  function posts(channel?: string): SlackCall[] {
    return all.filter(
      (call) =>
        call.method === 'chat.postMessage' &&
        call.committed &&
        (channel === undefined || call.channel === channel),
    );
  }

  return {
    all,
    violations,
    calls,
    count: (filter) => calls(filter).length,
    posts,
    duplicatePosts() {
      const byKey = Map.groupBy(
        posts().filter((call) => call.messageKey !== undefined),
        (call) => call.messageKey ?? '',
      );
      return new Map([...byKey].filter(([, group]) => group.length > 1));
    },
    takeViolations: () => violations.splice(0),
    clear() {
      all.length = 0;
    },
    start(call) {
      seq += 1;
      const entry: SlackCall = {
        seq,
        ...call,
        ts: undefined,
        messageKey: keyOf(call.args.metadata),
        committed: false,
        ok: undefined,
        error: undefined,
        httpStatus: undefined,
        answered: false,
        fault: undefined,
        elapsedMs: undefined,
      };
      all.push(entry);
      return entry;
    },
    violation: (violation) => violations.push(violation),
  };
}

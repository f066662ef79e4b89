import {
  deliverOutbound,
  type OutboundNotification,
  type OutboundResult,
  outboundEnvelope,
} from './outbound-message.ts';
import type { FieldValue } from './record-store.ts';

export interface OutboundDefinition {
  url: string;
  /** The fields chosen in the message definition; all that have a value by default. */
  fields?: readonly string[];
  retryDelaysMs?: readonly number[];
  timeoutMs?: number;
  sessionId?: string;
}

export interface OutboundQueue {
  /** Undefined switches sending off. */
  define(definition: OutboundDefinition | undefined): void;
  /** One notification for a record; sent soon, up to 100 together. */
  enqueue(recordId: string): void;
  /** Resolves when everything queued was acknowledged or given up. */
  idle(): Promise<void>;
  readonly results: readonly (OutboundResult & { notificationIds: readonly string[] })[];
  stop(): void;
}

export interface QueueContext {
  organizationId: string;
  nextNotificationId(): string;
  /** The record as it is now. */
  read(recordId: string): Readonly<Record<string, FieldValue>> | undefined;
}

const BATCH = 100;

/** Sends by itself, as Salesforce does after a workflow rule fired: at least once, latest values only. */
export function createOutboundQueue(context: QueueContext): OutboundQueue {
  const waiting: { id: string; recordId: string }[] = [];
  const results: (OutboundResult & { notificationIds: readonly string[] })[] = [];
  const running = new Set<Promise<void>>();
  const abort = new AbortController();
  let definition: OutboundDefinition | undefined;

  function chosen(recordId: string): Readonly<Record<string, FieldValue>> {
    const record = context.read(recordId) ?? { Id: recordId };
    const fields = definition?.fields;
    if (fields === undefined) return record;
    return Object.fromEntries(['Id', ...fields].map((name) => [name, record[name] ?? null]));
  }

  async function sendBatch(): Promise<void> {
    const batch = waiting.splice(0, BATCH);
    const active = definition;
    if (batch.length === 0 || active === undefined) return;
    const xml = (): string => {
      const notifications: OutboundNotification[] = batch.map(({ id, recordId }) => ({
        id,
        record: chosen(recordId),
      }));
      const { sessionId } = active;
      return outboundEnvelope({
        organizationId: context.organizationId,
        notifications,
        ...(sessionId === undefined ? {} : { sessionId }),
      });
    };
    const result = await deliverOutbound(xml, { ...active, signal: abort.signal });
    results.push({ ...result, notificationIds: batch.map(({ id }) => id) });
  }

  function track(work: Promise<void>): void {
    running.add(work);
    work.finally(() => running.delete(work)).catch(() => undefined);
  }

  return {
    results,
    define(next) {
      definition = next;
    },
    enqueue(recordId) {
      if (definition === undefined) return;
      waiting.push({ id: context.nextNotificationId(), recordId });
      // After the current turn: writes of one request go out together.
      if (waiting.length === 1 || waiting.length > BATCH) {
        track(new Promise<void>((resolve) => setImmediate(resolve)).then(sendBatch));
      }
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled([...running]);
    },
    stop: () => abort.abort(),
  };
}

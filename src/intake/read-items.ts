import type { InboundRecord } from './inbound-record.ts';
import { type IntakeProblem, problem } from './intake-problem.ts';

const MOST_ITEMS = 1_000;

export type Items =
  | {
      ok: true;
      records: InboundRecord[];
      /** More than one item could have come: their dedupe keys carry an index. */
      isBatch: boolean;
    }
  | IntakeProblem;

/**
 * Finds the items of a JSON body: one object, a list, `{"leads": [...]}`, or any of these as `data` of a
 * Standard Webhooks envelope `{type, timestamp, data}`.
 */
export function readItems(body: unknown, listName: 'leads' | 'signals'): Items {
  const envelope = asEnvelope(body);
  const content = envelope === null ? body : envelope.data;
  const list = asList(content, listName);
  if (list === null && (typeof content !== 'object' || content === null)) {
    return problem(400, 'body_unreadable', `Send an object, a list, or {"${listName}": [...]}.`);
  }
  const items = list ?? [content];
  if (items.length > MOST_ITEMS) {
    return problem(413, 'too_many_items', `Send at most ${MOST_ITEMS} items in one request.`);
  }
  const type = envelope?.type ?? null;
  const timestamp = envelope?.timestamp ?? null;
  return {
    ok: true,
    isBatch: list !== null,
    records: items.map((data) => ({ format: 'json', type, timestamp, data })),
  };
}

type Envelope = Pick<InboundRecord, 'type' | 'timestamp' | 'data'>;

function asEnvelope(body: unknown): Envelope | null {
  if (!isFields(body) || typeof body.data !== 'object' || body.data === null) return null;
  const { type, timestamp, data } = body;
  return {
    type: typeof type === 'string' ? type.slice(0, 200) : null,
    timestamp: typeof timestamp === 'string' || typeof timestamp === 'number' ? timestamp : null,
    data,
  };
}

function asList(content: unknown, listName: string): unknown[] | null {
  if (Array.isArray(content)) return content;
  const list = isFields(content) && Object.hasOwn(content, listName) ? content[listName] : null;
  return Array.isArray(list) ? list : null;
}

/** A JSON object, as opposed to a list or a plain value. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

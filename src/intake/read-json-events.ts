import { eventsOf, type ReadRequest, type Received } from './events-of.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { readItems } from './read-items.ts';

/** A JSON body whose signature is right. It travels between threads. */
export interface JsonTask extends Received {
  webhookId: string;
  body: Uint8Array;
}

/** Costs up to 0.3 s for a megabyte of many short names. */
export function readJsonEvents({ webhookId, body, ...received }: JsonTask): ReadRequest {
  const parsed = parseJsonBody(body);
  if (!parsed.ok) return parsed;
  const items = readItems(parsed.value, received.kind === 'lead' ? 'leads' : 'signals');
  if (!items.ok) return items;
  // One sender may tell both endpoints of one thing under one id.
  const prefix = received.kind === 'signal' ? 'signal:' : '';
  const key = (index: number) => `${prefix}${webhookId}${items.isBatch ? `#${index}` : ''}`;
  const found = items.records.map((record, index) => ({ dedupeKey: key(index), record }));
  return { ok: true, events: eventsOf(received, found) };
}

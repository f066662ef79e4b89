import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { boundRecord } from '../intake/bound-record.ts';
import { decodeRecord } from '../intake/decode-event.ts';
import type { InboundRecord } from '../intake/inbound-record.ts';
import type { IntakeProblem } from '../intake/intake-problem.ts';
import { parseJsonBody } from '../intake/parse-json-body.ts';
import { parseSavedMessage } from '../intake/parse-outbound-message.ts';
import { type IncomingSignal, parseSignalJson } from '../intake/parse-signal-json.ts';
import { isFields, readItems } from '../intake/read-items.ts';
import type { Held } from '../lead/held-reason.ts';
import type { IncomingLead } from '../lead/lead.ts';

/** One item of a file, as the webhook would take it. */
export type FileItem =
  | {
      ok: true;
      lead: IncomingLead;
      signals: IncomingSignal[];
      /** Signals beside the lead that cannot be read, by their place in the list. */
      leftOut: { place: number; why: Held }[];
    }
  | Held;

export type LeadFile =
  | { ok: true; items: FileItem[]; isBatch: boolean }
  | { ok: false; message: string };

/** @param file `-` is standard input */
export async function readLeadFile(file: string, now: Date): Promise<LeadFile> {
  const name = file === '-' ? 'Standard input' : file;
  let content: Buffer;
  try {
    content = file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (error) {
    return { ok: false, message: `${name} cannot be read: ${readProblem(error)}` };
  }
  return readLeads(content, name, now);
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EISDIR') return 'it is a folder, name a file.';
  return code === 'EACCES' ? 'this user may not.' : 'check the path.';
}

/** What `POST /webhooks/leads/<source>` takes: JSON in all its forms, or an outbound message of Salesforce. */
export function readLeads(content: Uint8Array, name: string, now: Date): LeadFile {
  const isXml = Buffer.from(content.subarray(0, 200))
    .toString('latin1')
    .trimStart()
    .startsWith('<');
  const found = isXml ? readMessage(content) : readJson(content);
  if (!found.ok) return { ok: false, message: inWords(found, name) };
  return {
    ok: true,
    isBatch: found.isBatch,
    items: found.records.map((record, index) => readItem(record, `item-${index + 1}`, now)),
  };
}

type Found = { ok: true; records: InboundRecord[]; isBatch: boolean } | IntakeProblem;

function readJson(content: Uint8Array): Found {
  const body = parseJsonBody(content);
  return body.ok ? readItems(body.value, 'leads') : body;
}

function readMessage(content: Uint8Array): Found {
  const message = parseSavedMessage(content);
  if (!message.ok) return message;
  const records = message.notifications.map(({ record }) => record);
  return { ok: true, records, isBatch: records.length > 1 };
}

/** The webhook's sentences speak of its body: here it is the file. */
function inWords({ message }: IntakeProblem, name: string): string {
  const sentence = message.replace(/^The (body|JSON|XML) /, `${name} `);
  return sentence === message ? `${name} holds no lead that can be read: ${message}` : sentence;
}

function readItem(found: InboundRecord, id: string, now: Date): FileItem {
  const { record, held } = boundRecord('lead', found);
  const decoded = decodeRecord(record, { kind: 'lead', dedupeKey: id, receivedAt: now });
  if (!decoded.ok) return decoded;
  if (held !== undefined) return held;
  if (decoded.kind !== 'lead') throw new RangeError('a lead was asked for');
  const read = signalsOf(record.data).map((data, index) => ({
    place: index + 1,
    signal: parseSignalJson(
      // In a file the lead is the one around the signal.
      {
        format: 'json',
        type: null,
        timestamp: null,
        data: isFields(data) ? { externalId: id, ...data } : data,
      },
      now,
    ),
  }));
  return {
    ok: true,
    lead: decoded.lead,
    signals: read.flatMap(({ signal }) => (signal.ok ? [signal.signal] : [])),
    leftOut: read.flatMap(({ place, signal }) => (signal.ok ? [] : [{ place, why: signal }])),
  };
}

function signalsOf(data: unknown): unknown[] {
  return isFields(data) && Array.isArray(data.signals) ? data.signals : [];
}

import type { Clock } from '../../src/platform/clock.ts';
import { isRecord, type JsonRecord, listOf, recordOf } from '../doubles/json.ts';
import {
  existingRecord,
  findByField,
  type SalesforceRecord,
  type SalesforceState,
} from './record-store.ts';
import { fail, httpStatusOf, type SalesforceError } from './salesforce-error.ts';
import type { SalesforceJournalWriter } from './salesforce-journal.ts';
import { describeObject, findField, OBJECT_NAMES, type ObjectName, type Schema } from './schema.ts';
import { parseSoql, runSoql, type Soql } from './soql.ts';
import {
  type CommittedWrite,
  type RecordWriter,
  readCollection,
  type WriteRequest,
  type WriteResult,
} from './write-records.ts';

/** One authorised call of the REST API, free of HTTP. */
export interface ApiCall {
  state: SalesforceState;
  userId: string;
  requestSeq: number;
  version: string;
  params: Readonly<Record<string, string>>;
  query(name: string): string | undefined;
  body: unknown;
  allowDuplicates: boolean;
}

export interface ApiReply {
  status: number;
  /** Undefined for an empty answer. */
  body: unknown;
}

export interface ApiContext {
  schema: Schema;
  clock: Clock;
  writer: RecordWriter;
  journal: SalesforceJournalWriter;
  /** Records in one page of a query; 2,000 at Salesforce. */
  queryBatchSize: number;
  onCommitted(write: CommittedWrite): void;
}

export type ApiHandler = (context: ApiContext, call: ApiCall) => ApiReply;

/** Method, path below `/services/data/:version`, handler. */
export const API_ROUTES: readonly (readonly [string, string, ApiHandler])[] = [
  ['GET', '/limits', () => ({ status: 200, body: {} })],
  ['GET', '/query', (context, call) => startQuery(context, call, false)],
  ['GET', '/queryAll', (context, call) => startQuery(context, call, true)],
  ['GET', '/query/:cursor', continueQuery],
  ['GET', '/sobjects', describeAll],
  ['GET', '/sobjects/:object/describe', describe],
  ['POST', '/sobjects/:object', create],
  ['GET', '/sobjects/:object/:id', retrieve],
  ['PATCH', '/sobjects/:object/:id', update],
  ['DELETE', '/sobjects/:object/:id', remove],
  ['GET', '/sobjects/:object/:field/:value', retrieveByExternalId],
  ['PATCH', '/sobjects/:object/:field/:value', upsert],
  ['POST', '/composite/sobjects', createMany],
  ['PATCH', '/composite/sobjects', updateMany],
  ['DELETE', '/composite/sobjects', removeMany],
  ['POST', '/composite/sobjects/:object', retrieveMany],
  ['PATCH', '/composite/sobjects/:object/:field', upsertMany],
];

function objectOf(name: string | undefined): ObjectName {
  const found = OBJECT_NAMES.find((each) => each === name);
  return found ?? fail('NOT_FOUND', 'The requested resource does not exist');
}

function bodyOf({ body }: ApiCall): JsonRecord {
  return isRecord(body) ? body : fail('JSON_PARSER_ERROR', 'The request body is no JSON object.');
}

function requestOf({ schema, clock }: ApiContext, call: ApiCall): WriteRequest {
  const { state, userId, requestSeq, allowDuplicates } = call;
  return { context: { schema, state, clock, userId }, requestSeq, allowDuplicates };
}

/** The record as the REST API shows it, with only the fields asked for. */
function shown(
  { state, version }: ApiCall,
  object: ObjectName,
  record: SalesforceRecord,
  fields: readonly string[],
): JsonRecord {
  const url = `/services/data/${version}/sobjects/${object}/${record.Id}`;
  const result: JsonRecord = { attributes: { type: object, url } };
  for (const field of fields) {
    const [head = '', tail] = field.split('.');
    if (tail === undefined) result[field] = record[field] ?? null;
    else result[head] = { ...recordOf(result[head]), ...related(state, record, head, tail) };
  }
  return result;
}

function related(
  state: SalesforceState,
  record: SalesforceRecord,
  head: string,
  tail: string,
): JsonRecord {
  const user = state.records.User[String(record[`${head}Id`])];
  return { attributes: { type: 'User' }, [tail]: user?.[tail] ?? null };
}

function fieldNames(schema: Schema, object: ObjectName, wanted: readonly unknown[]): string[] {
  if (wanted.length === 0) return schema[object].map((field) => field.name);
  return wanted.map((name) => {
    const field = findField(schema, object, String(name));
    return (
      field?.name ?? fail('INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`)
    );
  });
}

function startQuery(context: ApiContext, call: ApiCall, includeDeleted: boolean): ApiReply {
  const text = call.query('q') ?? fail('MALFORMED_QUERY', 'no query');
  return page(context, call, { text, offset: 0, includeDeleted });
}

interface Cursor {
  text: string;
  offset: number;
  includeDeleted: boolean;
}

/** The cursor carries the query itself: a page is computed anew. */
function continueQuery(context: ApiContext, call: ApiCall): ApiReply {
  const decoded = Buffer.from(call.params.cursor ?? '', 'base64url').toString();
  const [offset = '', flag = '', ...text] = decoded.split('|');
  if (!/^\d+$/.test(offset)) fail('INVALID_QUERY_LOCATOR', 'invalid query locator');
  const cursor = { text: text.join('|'), offset: Number(offset), includeDeleted: flag === 'all' };
  return page(context, call, cursor);
}

function page(context: ApiContext, call: ApiCall, cursor: Cursor): ApiReply {
  const soql: Soql = parseSoql(context.schema, cursor.text);
  const found = runSoql(call.state, soql, cursor.includeDeleted);
  if (soql.isCount) {
    return { status: 200, body: { totalSize: found.length, done: true, records: [] } };
  }
  const end = cursor.offset + context.queryBatchSize;
  const records = found
    .slice(cursor.offset, end)
    .map((record) => shown(call, soql.object, record, soql.fields));
  const flag = cursor.includeDeleted ? 'all' : 'live';
  const locator = Buffer.from(`${end}|${flag}|${cursor.text}`).toString('base64url');
  const rest =
    end >= found.length
      ? { done: true }
      : { done: false, nextRecordsUrl: `/services/data/${call.version}/query/${locator}` };
  return { status: 200, body: { totalSize: found.length, ...rest, records } };
}

function describeAll({ schema }: ApiContext): ApiReply {
  const sobjects = OBJECT_NAMES.map((object) => ({
    ...describeObject(schema, object),
    fields: undefined,
  }));
  return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
}

function describe({ schema }: ApiContext, { params }: ApiCall): ApiReply {
  return { status: 200, body: describeObject(schema, objectOf(params.object)) };
}

function create(context: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const result = context.writer.create(requestOf(context, call), object, bodyOf(call));
  return single(context, result, 201);
}

function retrieve({ schema }: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const record = existingRecord(call.state, object, call.params.id ?? '');
  const wanted = call.query('fields')?.split(',') ?? [];
  return { status: 200, body: shown(call, object, record, fieldNames(schema, object, wanted)) };
}

function retrieveByExternalId({ schema }: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const field = findField(schema, object, call.params.field ?? '');
  const record =
    field?.externalId === true
      ? findByField(call.state, object, field.name, call.params.value ?? '')
      : undefined;
  if (record === undefined) fail('NOT_FOUND', 'The requested resource does not exist');
  return { status: 200, body: shown(call, object, record, fieldNames(schema, object, [])) };
}

function update(context: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const request = requestOf(context, call);
  const result = context.writer.update(request, object, call.params.id ?? '', bodyOf(call));
  return result.ok ? empty(context, result) : single(context, result, 200);
}

function remove(context: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const result = context.writer.remove(requestOf(context, call), object, call.params.id ?? '');
  return result.ok ? empty(context, result) : single(context, result, 200);
}

function upsert(context: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const key = { field: call.params.field ?? '', value: call.params.value ?? '' };
  const result = context.writer.upsert(requestOf(context, call), object, key, bodyOf(call));
  return single(context, result, result.ok && result.isNew ? 201 : 200, true);
}

function empty(context: ApiContext, result: WriteResult & { ok: true }): ApiReply {
  context.onCommitted(result.committed);
  return { status: 204, body: undefined };
}

function single(
  context: ApiContext,
  result: WriteResult,
  status: number,
  tellsCreated = false,
): ApiReply {
  if (!result.ok) return { status: httpStatusOf(result.error.errorCode), body: [result.error] };
  context.onCommitted(result.committed);
  const created = tellsCreated ? { created: result.isNew } : {};
  return { status, body: { id: result.id, success: true, errors: [], ...created } };
}

type WriteOne = (request: WriteRequest, record: JsonRecord) => WriteResult;

function typeOf(record: JsonRecord): ObjectName {
  return objectOf(String(recordOf(record.attributes).type));
}

function createMany(context: ApiContext, call: ApiCall): ApiReply {
  return many(context, call, false, (request, record) =>
    context.writer.create(request, typeOf(record), record),
  );
}

function updateMany(context: ApiContext, call: ApiCall): ApiReply {
  return many(context, call, false, (request, record) => {
    const { id, Id, ...values } = record;
    return context.writer.update(request, typeOf(record), String(id ?? Id ?? ''), values);
  });
}

function upsertMany(context: ApiContext, call: ApiCall): ApiReply {
  const field = call.params.field ?? '';
  const seen = new Set<string>();
  return many(context, call, true, (request, record) => {
    const { [field]: raw, ...values } = record;
    const value = String(raw ?? '');
    if (seen.has(value)) {
      const message = `Duplicate external id specified: ${value}`;
      return { ok: false, error: { errorCode: 'DUPLICATE_VALUE', message, fields: [field] } };
    }
    seen.add(value);
    return context.writer.upsert(request, typeOf(record), { field, value }, values);
  });
}

function removeMany(context: ApiContext, call: ApiCall): ApiReply {
  const ids = (call.query('ids') ?? '').split(',').filter(Boolean);
  const allOrNone = call.query('allOrNone') === 'true';
  const body = { records: ids.map((id) => ({ id })), allOrNone };
  return many(context, { ...call, body }, false, (request, { id }) =>
    context.writer.remove(request, 'Lead', String(id)),
  );
}

/** 200 with one result per record, in order; with allOrNone one failure undoes them all. */
function many(
  context: ApiContext,
  call: ApiCall,
  tellsCreated: boolean,
  write: WriteOne,
): ApiReply {
  const { records, allOrNone } = readCollection(call.body);
  const request = requestOf(context, call);
  const before = allOrNone ? structuredClone(call.state.records) : undefined;
  const results = records.map((record) => write(request, record));
  const isUndone = before !== undefined && results.some((result) => !result.ok);
  if (isUndone) {
    Object.assign(call.state.records, before);
    context.journal.rollBack(call.requestSeq);
  }
  const body = results.map((result) => {
    if (!result.ok) return failedRecord(result.error);
    if (isUndone) return failedRecord(ROLLED_BACK);
    context.onCommitted(result.committed);
    const created = tellsCreated ? { created: result.isNew } : {};
    return { id: result.id, success: true, errors: [], ...created };
  });
  return { status: 200, body };
}

const ROLLED_BACK: SalesforceError = {
  errorCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message:
    'Record rolled back because not all records were valid and the request was using AllOrNone header',
};

/** On the wire a record's error is called `statusCode`, whatever jsforce's types say. */
function failedRecord({ errorCode, message, fields, duplicateResult }: SalesforceError): object {
  const duplicate = duplicateResult === undefined ? {} : { duplicateResult };
  const error = { statusCode: errorCode, message, fields: fields ?? [], ...duplicate };
  return { success: false, errors: [error] };
}

function retrieveMany({ schema }: ApiContext, call: ApiCall): ApiReply {
  const object = objectOf(call.params.object);
  const { ids, fields } = bodyOf(call);
  const names = fieldNames(schema, object, listOf(fields));
  const body = listOf(ids).map((id) => {
    const record = call.state.records[object][String(id)];
    return record === undefined || record.IsDeleted === true
      ? null
      : shown(call, object, record, names);
  });
  return { status: 200, body };
}

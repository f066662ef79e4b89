import { isRecord, type JsonRecord } from '../doubles/json.ts';
import {
  createRecord,
  deleteRecord,
  existingRecord,
  type FieldValue,
  findByField,
  type SalesforceRecord,
  type SalesforceState,
  updateRecord,
  type WriteContext,
} from './record-store.ts';
import { fail, type SalesforceError, SalesforceFailure } from './salesforce-error.ts';
import type { SalesforceJournalWriter, WriteOperation } from './salesforce-journal.ts';
import { findField, type ObjectName } from './schema.ts';

/** A programmed failure of single records, in single calls and in collections. */
export interface RecordFault {
  errorCode: string;
  message?: string;
  /** Record id or external id value; any record when left out. */
  target?: string;
  /** 1 by default. */
  times?: number;
}

export type WriteResult =
  | { ok: true; id: string; isNew: boolean; committed: CommittedWrite }
  | { ok: false; error: SalesforceError };

export interface WriteRequest {
  context: WriteContext;
  requestSeq: number;
  /** `Sforce-Duplicate-Rule-Header: allowSave=true`. */
  allowDuplicates: boolean;
}

export interface RecordWriter {
  create(request: WriteRequest, object: ObjectName, values: JsonRecord): WriteResult;
  update(request: WriteRequest, object: ObjectName, id: string, values: JsonRecord): WriteResult;
  upsert(
    request: WriteRequest,
    object: ObjectName,
    key: { field: string; value: string },
    values: JsonRecord,
  ): WriteResult;
  remove(request: WriteRequest, object: ObjectName, id: string): WriteResult;
  /** Fails the next matching writes. Returns how to stop it. */
  failRecords(fault: RecordFault): () => void;
  /** Refuses a second lead with the same e-mail. */
  setDuplicateRule(isOn: boolean): void;
}

export interface CommittedWrite {
  object: ObjectName;
  operation: WriteOperation;
  record: SalesforceRecord;
  userId: string;
}

/** Writes one record at a time; every attempt is in the journal. */
export function createRecordWriter(journal: SalesforceJournalWriter): RecordWriter {
  const faults: { fault: RecordFault; left: number }[] = [];
  let hasDuplicateRule = false;

  function throwFault(target: string | undefined): void {
    const entry = faults.find(
      ({ fault, left }) => left > 0 && (fault.target === undefined || fault.target === target),
    );
    if (entry === undefined) return;
    entry.left -= 1;
    const { errorCode, message } = entry.fault;
    fail(errorCode, message ?? MESSAGES[errorCode] ?? errorCode, []);
  }

  interface Attempt {
    operation: WriteOperation;
    object: ObjectName;
    values: JsonRecord;
    id: string | undefined;
    target: string | undefined;
  }

  function attempt(
    request: WriteRequest,
    wanted: Attempt,
    work: () => SalesforceRecord,
  ): WriteResult {
    const { context, requestSeq } = request;
    const before =
      wanted.id === undefined ? undefined : peek(context.state, wanted.object, wanted.id);
    const entry = {
      at: context.clock.now(),
      requestSeq,
      operation: wanted.operation,
      object: wanted.object,
      userId: context.userId,
      values: wanted.values,
    };
    try {
      throwFault(wanted.target);
      const record = work();
      const changes = changesBetween(context, wanted.object, before, record);
      journal.write({ ...entry, id: record.Id, changes, ok: true, errorCode: undefined });
      const { operation, object } = wanted;
      const committed = { object, operation, record, userId: context.userId };
      return { ok: true, id: record.Id, isNew: operation === 'create', committed };
    } catch (error) {
      if (!(error instanceof SalesforceFailure)) throw error;
      const { errorCode } = error.error;
      journal.write({ ...entry, id: wanted.id, changes: {}, ok: false, errorCode });
      return { ok: false, error: error.error };
    }
  }

  function create(request: WriteRequest, object: ObjectName, values: JsonRecord): WriteResult {
    const wanted: Attempt = {
      operation: 'create',
      object,
      values,
      id: undefined,
      target: undefined,
    };
    return attempt(request, wanted, () => {
      if (hasDuplicateRule && !request.allowDuplicates) {
        refuseDuplicate(request.context.state, object, values);
      }
      return createRecord(request.context, object, values);
    });
  }

  function update(
    request: WriteRequest,
    object: ObjectName,
    id: string,
    values: JsonRecord,
    target = id,
  ): WriteResult {
    const wanted: Attempt = { operation: 'update', object, values, id, target };
    return attempt(request, wanted, () => updateRecord(request.context, object, id, values));
  }

  return {
    create,
    update,
    upsert(request, object, { field, value }, values) {
      const known = findField(request.context.schema, object, field);
      if (known?.externalId !== true) {
        const message = `Provided external ID field does not exist or is not accessible: ${field}`;
        return { ok: false, error: { errorCode: 'NOT_FOUND', message } };
      }
      const existing = findByField(request.context.state, object, known.name, value);
      return existing === undefined
        ? create(request, object, { ...values, [known.name]: value })
        : update(request, object, existing.Id, values, value);
    },
    remove(request, object, id) {
      const wanted: Attempt = { operation: 'delete', object, values: {}, id, target: id };
      return attempt(request, wanted, () => {
        const record = existingRecord(request.context.state, object, id);
        deleteRecord(request.context, object, id);
        return record;
      });
    },
    failRecords(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      faults.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    setDuplicateRule(isOn) {
      hasDuplicateRule = isOn;
    },
  };
}

const MESSAGES: Readonly<Record<string, string>> = {
  UNABLE_TO_LOCK_ROW: 'unable to obtain exclusive access to this record or 1 records',
  ENTITY_IS_DELETED: 'entity is deleted',
  NOT_FOUND: 'The requested resource does not exist',
  DUPLICATES_DETECTED: 'Use one of these records?',
};

function peek(
  state: SalesforceState,
  object: ObjectName,
  id: string,
): SalesforceRecord | undefined {
  try {
    return existingRecord(state, object, id);
  } catch {
    return undefined;
  }
}

const STAMPS = ['LastModifiedDate', 'LastModifiedById', 'SystemModstamp'];

function changesBetween(
  { schema }: WriteContext,
  object: ObjectName,
  before: SalesforceRecord | undefined,
  after: SalesforceRecord,
): Record<string, { from: FieldValue; to: FieldValue }> {
  const changes: Record<string, { from: FieldValue; to: FieldValue }> = {};
  for (const { name } of schema[object]) {
    const [from, to] = [before?.[name] ?? null, after[name] ?? null];
    if (from !== to && !STAMPS.includes(name)) changes[name] = { from, to };
  }
  return changes;
}

function refuseDuplicate(state: SalesforceState, object: ObjectName, values: JsonRecord): void {
  const email = values.Email;
  const twin = typeof email === 'string' ? findByField(state, object, 'Email', email) : undefined;
  if (twin === undefined) return;
  const message = MESSAGES.DUPLICATES_DETECTED ?? '';
  const record = { attributes: { type: object }, Id: twin.Id };
  throw new SalesforceFailure({
    errorCode: 'DUPLICATES_DETECTED',
    message,
    duplicateResult: {
      allowSave: true,
      duplicateRule: 'Sample_Lead_Rule',
      duplicateRuleEntityType: object,
      errorMessage: message,
      matchResults: [
        {
          entityType: object,
          errors: [],
          matchEngine: 'ExactMatchEngine',
          matchRecords: [
            { additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record },
          ],
          rule: 'Sample_Email_Match',
          size: 1,
          success: true,
        },
      ],
    },
  });
}

/** A collection's body: up to 200 records, each with its type. Throws a SalesforceFailure otherwise. */
export function readCollection(body: unknown): { records: JsonRecord[]; allOrNone: boolean } {
  if (!isRecord(body) || !Array.isArray(body.records)) {
    fail('JSON_PARSER_ERROR', 'The request body has no records.');
  }
  if (body.records.length > 200) {
    fail(
      'EXCEEDED_ID_LIMIT',
      'record limit reached. cannot submit more than 200 records in this call',
    );
  }
  return { records: body.records.filter(isRecord), allOrNone: body.allOrNone === true };
}

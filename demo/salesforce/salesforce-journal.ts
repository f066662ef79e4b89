import type { FieldValue } from './record-store.ts';
import type { ObjectName } from './schema.ts';

export type WriteOperation = 'create' | 'update' | 'delete';

/** One record that somebody wrote, or tried to. */
export interface SalesforceWrite {
  seq: number;
  at: Date;
  /** The request it came in; several records share one in a collection. 0: written inside Salesforce. */
  requestSeq: number;
  operation: WriteOperation;
  object: ObjectName;
  /** Undefined when a create failed. */
  id: string | undefined;
  userId: string;
  /** What was sent. */
  values: Readonly<Record<string, unknown>>;
  /** The fields whose value really changed. */
  changes: Readonly<Record<string, { from: FieldValue; to: FieldValue }>>;
  ok: boolean;
  errorCode: string | undefined;
}

export interface SalesforceRequest {
  seq: number;
  at: Date;
  /** `token`, `query`, `create`, `updateMany` ... (see operation.ts). */
  operation: string;
  method: string;
  path: string;
  status: number | undefined;
  /** False when the connection was cut. */
  answered: boolean;
  fault: string | undefined;
}

export interface WriteFilter {
  id?: string;
  object?: ObjectName;
  operation?: WriteOperation;
  userId?: string;
  ok?: boolean;
}

export interface SalesforceJournal {
  readonly requests: readonly SalesforceRequest[];
  readonly all: readonly SalesforceWrite[];
  writes(filter?: WriteFilter): SalesforceWrite[];
  count(filter?: WriteFilter): number;
  /** Committed updates that changed nothing: somebody wrote the same thing twice. */
  idleWrites(filter?: WriteFilter): SalesforceWrite[];
  clear(): void;
}

export interface SalesforceJournalWriter extends SalesforceJournal {
  request(request: Omit<SalesforceRequest, 'seq' | 'status' | 'answered'>): SalesforceRequest;
  write(write: Omit<SalesforceWrite, 'seq'>): void;
  /** Marks all writes of a request as undone (allOrNone). */
  rollBack(requestSeq: number): void;
}

export function createSalesforceJournal(): SalesforceJournalWriter {
  const requests: SalesforceRequest[] = [];
  const all: SalesforceWrite[] = [];
  let requestSeq = 0;
  let writeSeq = 0;

  function writes(filter: WriteFilter = {}): SalesforceWrite[] {
    const same = <T>(wanted: T | undefined, value: T): boolean =>
      wanted === undefined || wanted === value;
    return all.filter(
      (write) =>
        same(filter.id, write.id) &&
        same(filter.object, write.object) &&
        same(filter.operation, write.operation) &&
        same(filter.userId, write.userId) &&
        same(filter.ok, write.ok),
    );
  }

  return {
    requests,
    all,
    writes,
    count: (filter) => writes(filter).length,
    idleWrites: (filter) =>
      writes({ ...filter, operation: 'update', ok: true }).filter(
        (write) => Object.keys(write.changes).length === 0,
      ),
    clear() {
      requests.length = 0;
      all.length = 0;
    },
    request(request) {
      requestSeq += 1;
      const entry = { seq: requestSeq, ...request, status: undefined, answered: false };
      requests.push(entry);
      return entry;
    },
    rollBack(undone) {
      for (const write of all.filter((each) => each.requestSeq === undone && each.ok)) {
        write.ok = false;
        write.errorCode = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';
      }
    },
    write(write) {
      writeSeq += 1;
      all.push({ seq: writeSeq, ...write });
    },
  };
}

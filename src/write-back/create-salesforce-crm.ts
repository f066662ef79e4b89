import type { Connection } from 'jsforce';
import { z } from 'zod';
import { salesforceId } from '../lead/salesforce-id.ts';
import {
  errorOfRead,
  resultOfFailedCall,
  resultOfRecordErrors,
} from './classify-salesforce-error.ts';
import type { Crm, CrmLeadRecord, CrmLeadRef, CrmLeadWrite, CrmWriteResult } from './crm.ts';
import {
  DEFAULT_SALESFORCE_FIELDS,
  readRow,
  type SalesforceFields,
  selectedFields,
  updateValues,
  upsertValues,
} from './salesforce-fields.ts';
import {
  createSalesforceSession,
  type SalesforceSession,
  type SalesforceSessionOptions,
} from './salesforce-session.ts';

export interface SalesforceCrmOptions extends Omit<SalesforceSessionOptions, 'timeoutMs'> {
  fields?: SalesforceFields;
  timeoutMs?: number;
}

/** Records in one collection call. */
const BATCH = 200;
/** Ids in one query: they travel in the URL. */
const QUERY_BATCH = 100;

/** Duplicate rules are obeyed, and say which record they mean. */
const HEADERS = {
  'Sforce-Duplicate-Rule-Header':
    'allowSave=false; includeRecordDetails=true; runAsCurrentUser=true',
};

interface Context {
  session: SalesforceSession;
  fields: SalesforceFields;
  /** The connection of the last answer, which knows the usage. */
  seen(connection: Connection): void;
}

/** Salesforce behind the port. Only collections are used: their ids travel in the body, never in a URL. */
export function createSalesforceCrm(options: SalesforceCrmOptions): Crm {
  let last: Connection | undefined;
  const context: Context = {
    session: createSalesforceSession({ ...options, timeoutMs: options.timeoutMs ?? 20_000 }),
    fields: options.fields ?? DEFAULT_SALESFORCE_FIELDS,
    seen: (connection) => {
      last = connection;
    },
  };
  return {
    async writeLeads(writes) {
      const results = new Map<string, CrmWriteResult>();
      const known = writes.filter((write) => write.crmId !== null);
      const others = writes.filter((write) => write.crmId === null);
      for (const batch of inBatches(known, BATCH))
        await writeBatch(context, batch, update, results);
      for (const batch of inBatches(others, BATCH))
        await writeBatch(context, batch, upsert, results);
      return results;
    },
    readLeads: (refs) => readLeads(context, refs),
    findUsersByEmail: (emails) => findUsers(context, emails),
    async ping() {
      await query(context, 'SELECT Id FROM Lead LIMIT 1');
    },
    usage() {
      const usage = last?.limitInfo.apiUsage;
      return usage === undefined || usage.limit === 0 ? null : usage.used / usage.limit;
    },
  };
}

type Write = (
  connection: Connection,
  fields: SalesforceFields,
  batch: readonly CrmLeadWrite[],
) => Promise<unknown>;

const update: Write = (connection, fields, batch) =>
  connection.update(
    'Lead',
    batch.map((write) => ({ Id: write.crmId ?? '', ...updateValues(fields, write) })),
    { headers: HEADERS },
  );

const upsert: Write = (connection, fields, batch) =>
  connection.upsert(
    'Lead',
    batch.map((write) => upsertValues(fields, write)),
    fields.leadId,
    { headers: HEADERS },
  );

const SaveResults = z.array(
  z.object({ success: z.boolean(), id: z.string().nullish(), errors: z.unknown() }),
);

async function writeBatch(
  context: Context,
  batch: readonly CrmLeadWrite[],
  write: Write,
  results: Map<string, CrmWriteResult>,
): Promise<void> {
  const { fields } = context;
  try {
    const answer = SaveResults.parse(
      await context.session.run((connection) => {
        context.seen(connection);
        return write(connection, fields, batch);
      }),
    );
    for (const [index, { leadId, crmId }] of batch.entries()) {
      const saved = answer[index];
      if (saved === undefined) throw new TypeError('fewer results than records');
      results.set(
        leadId,
        saved.success
          ? written(saved.id ?? crmId)
          : resultOfRecordErrors(saved.errors, fields.leadId),
      );
    }
  } catch (error) {
    for (const { leadId } of batch) results.set(leadId, resultOfFailedCall(error, fields.leadId));
  }
}

function written(id: string | null): CrmWriteResult {
  const crmId = salesforceId(id ?? '');
  if (crmId === null) throw new TypeError('no id in the answer');
  return { kind: 'written', crmId };
}

async function readLeads(
  context: Context,
  refs: readonly CrmLeadRef[],
): Promise<Map<string, CrmLeadRecord>> {
  const { fields } = context;
  const columns = selectedFields(fields).join(', ');
  const found = new Map<string, CrmLeadRecord>();
  for (const batch of inBatches(refs, QUERY_BATCH)) {
    const leadIdByCrmId = new Map<string | null, string>();
    for (const { leadId, crmId } of batch) {
      if (crmId !== null) leadIdByCrmId.set(salesforceId(crmId), leadId);
    }
    const crmIds = [...leadIdByCrmId.keys()].filter((id) => id !== null);
    const ours = batch.filter((ref) => ref.crmId === null).map((ref) => ref.leadId);
    const conditions = [inList('Id', crmIds), inList(fields.leadId, ours)].filter((each) => each);
    const rows = await query(
      context,
      `SELECT ${columns} FROM Lead WHERE ${conditions.join(' OR ')}`,
    );
    for (const raw of rows) {
      const row = readRow(fields, raw);
      const leadId = leadIdByCrmId.get(row?.record.crmId ?? null) ?? row?.leadId;
      if (row !== undefined && leadId) found.set(leadId, row.record);
    }
  }
  return found;
}

const UserRow = z.object({ Id: z.string(), Email: z.string() });

async function findUsers(
  context: Context,
  emails: readonly string[],
): Promise<Map<string, string>> {
  const idsByEmail = new Map<string, string[]>();
  for (const batch of inBatches([...new Set(emails)], QUERY_BATCH)) {
    const wanted = inList('Email', batch);
    const soql = `SELECT Id, Email FROM User WHERE IsActive = true AND ${wanted}`;
    for (const raw of await query(context, soql)) {
      const { Id, Email } = UserRow.parse(raw);
      const key = Email.toLowerCase();
      idsByEmail.set(key, [...(idsByEmail.get(key) ?? []), Id]);
    }
  }
  const matched = [...idsByEmail].flatMap(([email, ids]) => {
    const id = ids.length === 1 ? salesforceId(ids[0] ?? '') : null;
    return id === null ? [] : [[email, id] as const];
  });
  return new Map(matched);
}

async function query(context: Context, soql: string): Promise<unknown[]> {
  try {
    return await context.session.run(async (connection) => {
      context.seen(connection);
      const { records } = await connection.query(soql);
      return records;
    });
  } catch (error) {
    throw errorOfRead(error);
  }
}

/** Empty without values. Values are quoted and escaped: an e-mail address is somebody else's text. */
function inList(field: string, values: readonly string[]): string {
  if (values.length === 0) return '';
  const quoted = values.map((value) => `'${value.replace(/[\\']/g, '\\$&')}'`);
  return `${field} IN (${quoted.join(',')})`;
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    batches.push(items.slice(start, start + size));
  }
  return batches;
}

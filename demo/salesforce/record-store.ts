import { salesforceId } from '../../src/lead/salesforce-id.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { JsonRecord } from '../doubles/json.ts';
import { fail } from './salesforce-error.ts';
import {
  type FieldDefinition,
  findField,
  ID_PREFIXES,
  type ObjectName,
  type Schema,
} from './schema.ts';

export type FieldValue = string | number | boolean | null;
export type SalesforceRecord = Record<string, FieldValue> & { Id: string };

/** What the double remembers: plain JSON, so that it can be saved and restored. */
export interface SalesforceState {
  sequence: number;
  records: Record<ObjectName, Record<string, SalesforceRecord>>;
}

export function emptyState(): SalesforceState {
  return { sequence: 0, records: { Lead: {}, User: {} } };
}

export interface WriteContext {
  schema: Schema;
  state: SalesforceState;
  clock: Clock;
  /** Who writes. */
  userId: string;
}

export function sampleId(prefix: string, sequence: number): string {
  const id = salesforceId(`${prefix}Sample${String(sequence).padStart(6, '0')}`);
  if (id === null) throw new Error(`no id with prefix ${prefix}`);
  return id;
}

/** A new record; throws a SalesforceFailure that says what is wrong. */
export function createRecord(
  context: WriteContext,
  object: ObjectName,
  values: JsonRecord,
): SalesforceRecord {
  const { schema, state, clock, userId } = context;
  const fields = checkValues(context, object, values, 'create');
  const missing = schema[object]
    .filter((field) => field.required === true && isBlank(fields[field.name]))
    .map((field) => field.name);
  if (missing.length > 0) {
    const list = missing.join(', ');
    fail('REQUIRED_FIELD_MISSING', `Required fields are missing: [${list}]`, missing);
  }
  state.sequence += 1;
  const now = clock.now().toISOString().replace('Z', '+0000');
  const blank = Object.fromEntries(
    schema[object].map((field): [string, FieldValue] => [field.name, field.defaultValue ?? null]),
  );
  const record: SalesforceRecord = {
    ...blank,
    ...(object === 'Lead' ? { OwnerId: userId } : {}),
    ...fields,
    Id: sampleId(ID_PREFIXES[object], state.sequence),
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  };
  state.records[object][record.Id] = withName(record);
  return withName(record);
}

/** The record after the change; throws a SalesforceFailure when it cannot be changed. */
export function updateRecord(
  context: WriteContext,
  object: ObjectName,
  id: string,
  values: JsonRecord,
): SalesforceRecord {
  const before = existingRecord(context.state, object, id);
  if (before.IsConverted === true) {
    fail('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  }
  const fields = checkValues(context, object, values, 'update');
  for (const field of context.schema[object]) {
    if (field.required === true && field.name in fields && isBlank(fields[field.name])) {
      const message = `Required fields are missing: [${field.name}]`;
      fail('REQUIRED_FIELD_MISSING', message, [field.name]);
    }
  }
  const now = context.clock.now().toISOString().replace('Z', '+0000');
  const record = withName({
    ...before,
    ...fields,
    LastModifiedDate: now,
    LastModifiedById: context.userId,
    SystemModstamp: now,
  });
  context.state.records[object][record.Id] = record;
  return record;
}

export function deleteRecord(context: WriteContext, object: ObjectName, id: string): void {
  const record = existingRecord(context.state, object, id);
  const now = context.clock.now().toISOString().replace('Z', '+0000');
  context.state.records[object][record.Id] = { ...record, IsDeleted: true, SystemModstamp: now };
}

/** Throws NOT_FOUND, MALFORMED_ID or ENTITY_IS_DELETED. */
export function existingRecord(
  state: SalesforceState,
  object: ObjectName,
  id: string,
): SalesforceRecord {
  const full = salesforceId(id);
  if (full === null)
    fail('MALFORMED_ID', `${object} ID: id value of incorrect type: ${id}`, ['Id']);
  const record = state.records[object][full];
  if (record === undefined) fail('NOT_FOUND', 'The requested resource does not exist');
  if (record.IsDeleted === true) fail('ENTITY_IS_DELETED', 'entity is deleted');
  return record;
}

export function findByField(
  state: SalesforceState,
  object: ObjectName,
  field: string,
  value: FieldValue,
): SalesforceRecord | undefined {
  return Object.values(state.records[object]).find(
    (record) => record.IsDeleted !== true && record[field] === value,
  );
}

function checkValues(
  context: WriteContext,
  object: ObjectName,
  values: JsonRecord,
  action: 'create' | 'update',
): Record<string, FieldValue> {
  const checked: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === 'attributes' || value === undefined) continue;
    const field = findField(context.schema, object, name);
    if (field === undefined) {
      fail('INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`, [name]);
    }
    if (field.readOnly === true) {
      const verb = `Unable to ${action} fields: ${field.name}.`;
      const hint = 'Please check the security settings of this field.';
      fail('INVALID_FIELD_FOR_INSERT_UPDATE', `${verb} ${hint}`, [field.name]);
    }
    checked[field.name] = checkValue(context.state, field, value);
  }
  return checked;
}

function checkValue(state: SalesforceState, field: FieldDefinition, value: unknown): FieldValue {
  if (value === null || value === '') return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : badType(field, value);
    case 'int':
      return Number.isSafeInteger(value) ? Number(value) : badType(field, value);
    case 'double':
    case 'currency':
      return typeof value === 'number' && Number.isFinite(value) ? value : badType(field, value);
    case 'datetime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? value
        : badType(field, value);
    default:
      return typeof value === 'string' ? checkText(state, field, value) : badType(field, value);
  }
}

function checkText(state: SalesforceState, field: FieldDefinition, value: string): string {
  const max = field.length ?? 255;
  if (value.length > max) {
    const start = value.slice(0, 40);
    const message = `${field.name}: data value too large: ${start} (max length=${max})`;
    fail('STRING_TOO_LONG', message, [field.name]);
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    fail('INVALID_EMAIL_ADDRESS', `${field.name}: invalid email address: ${value}`, [field.name]);
  }
  if (field.type !== 'reference') return value;
  const user = state.records.User[salesforceId(value) ?? ''];
  if (user === undefined) {
    fail('INVALID_CROSS_REFERENCE_KEY', `${field.name}: owner cannot be blank`, [field.name]);
  }
  if (user.IsActive !== true) {
    const message = 'operation performed with inactive user';
    fail('INACTIVE_OWNER_OR_USER', message, [field.name]);
  }
  return user.Id;
}

function badType(field: FieldDefinition, value: unknown): never {
  const found = value === null ? 'null' : typeof value;
  return fail('JSON_PARSER_ERROR', `Cannot deserialize instance of ${field.type} from ${found}`, [
    field.name,
  ]);
}

function isBlank(value: FieldValue | undefined): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  );
}

function withName(record: SalesforceRecord): SalesforceRecord {
  const parts = [record.FirstName, record.LastName].filter((part) => typeof part === 'string');
  return { ...record, Name: parts.join(' ') };
}

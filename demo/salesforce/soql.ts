import type { FieldValue, SalesforceRecord, SalesforceState } from './record-store.ts';
import { fail } from './salesforce-error.ts';
import { findField, OBJECT_NAMES, type ObjectName, type Schema } from './schema.ts';
import { readTokens, type Tokens } from './soql-tokens.ts';

/** SELECT fields FROM Lead|User [WHERE ...] [ORDER BY ...] [LIMIT n] [OFFSET n]; COUNT() too. */
export interface Soql {
  object: ObjectName;
  fields: readonly string[];
  isCount: boolean;
  where: Condition;
  orderBy: readonly { field: string; isDescending: boolean }[];
  limit: number | undefined;
  offset: number;
}

type Condition = (record: SalesforceRecord) => boolean;

/** Throws a SalesforceFailure with MALFORMED_QUERY, INVALID_FIELD or INVALID_TYPE. */
export function parseSoql(schema: Schema, text: string): Soql {
  const tokens = readTokens(text);
  tokens.expect('SELECT');
  const isCount = tokens.accept('COUNT');
  const names = isCount ? emptyList(tokens) : tokens.list(tokens.next);
  tokens.expect('FROM');
  const object = objectNamed(tokens.next());
  const columnOf = (name: string): string => column(schema, object, name);
  const where = tokens.accept('WHERE') ? parseOr(tokens, columnOf) : () => true;
  const orderBy = parseOrder(tokens, columnOf);
  const limit = tokens.accept('LIMIT') ? Number(tokens.next()) : undefined;
  const offset = tokens.accept('OFFSET') ? Number(tokens.next()) : 0;
  tokens.end();
  return { object, fields: names.map(columnOf), isCount, where, orderBy, limit, offset };
}

function emptyList(tokens: Tokens): string[] {
  tokens.expect('(');
  tokens.expect(')');
  return [];
}

type ColumnOf = (name: string) => string;

function parseOr(tokens: Tokens, columnOf: ColumnOf): Condition {
  const parts = [parseAnd(tokens, columnOf)];
  while (tokens.accept('OR')) parts.push(parseAnd(tokens, columnOf));
  return (record) => parts.some((part) => part(record));
}

function parseAnd(tokens: Tokens, columnOf: ColumnOf): Condition {
  const parts = [parseNot(tokens, columnOf)];
  while (tokens.accept('AND')) parts.push(parseNot(tokens, columnOf));
  return (record) => parts.every((part) => part(record));
}

function parseNot(tokens: Tokens, columnOf: ColumnOf): Condition {
  if (tokens.accept('NOT')) {
    const inner = parseNot(tokens, columnOf);
    return (record) => !inner(record);
  }
  if (!tokens.accept('(')) return parseComparison(tokens, columnOf);
  const inner = parseOr(tokens, columnOf);
  tokens.expect(')');
  return inner;
}

function parseComparison(tokens: Tokens, columnOf: ColumnOf): Condition {
  const field = columnOf(tokens.next());
  const operator = tokens.next().toUpperCase();
  if (operator !== 'IN' && !(operator === 'NOT' && tokens.accept('IN'))) {
    return comparison(field, operator, literal(tokens.next()));
  }
  tokens.expect('(');
  const values = tokens.list(() => literal(tokens.next()));
  tokens.expect(')');
  const isWanted = operator === 'IN';
  return (record) => values.some((value) => compare(record[field], value) === 0) === isWanted;
}

function parseOrder(tokens: Tokens, columnOf: ColumnOf): Soql['orderBy'] {
  if (!tokens.accept('ORDER')) return [];
  tokens.expect('BY');
  return tokens.list(() => {
    const field = columnOf(tokens.next());
    const isDescending = tokens.accept('DESC');
    if (!isDescending) tokens.accept('ASC');
    if (tokens.accept('NULLS') && !tokens.accept('FIRST')) tokens.expect('LAST');
    return { field, isDescending };
  });
}

function objectNamed(name: string): ObjectName {
  const found = OBJECT_NAMES.find((each) => each.toLowerCase() === name.toLowerCase());
  return found ?? fail('INVALID_TYPE', `sObject type '${name}' is not supported.`);
}

/** The field's own spelling; `Owner.Email` stays dotted. */
function column(schema: Schema, object: ObjectName, name: string): string {
  const [head = '', tail] = name.split('.');
  const field = findField(schema, object, tail === undefined ? head : `${head}Id`);
  const isKnown =
    field !== undefined && (tail === undefined || findField(schema, 'User', tail) !== undefined);
  if (!isKnown) {
    fail('INVALID_FIELD', `No such column '${name}' on entity '${object}'.`);
  }
  return tail === undefined ? field.name : name;
}

function literal(token: string): FieldValue {
  if (token.startsWith("'")) return token.slice(1, -1).replace(/\\(.)/g, '$1');
  if (/^null$/i.test(token)) return null;
  if (/^(true|false)$/i.test(token)) return token.toLowerCase() === 'true';
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  if (/^\d{4}-/.test(token)) return token;
  return fail('MALFORMED_QUERY', `unexpected token: '${token}'`);
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT/;

/** Text compares without case, as in Salesforce; date-times as instants. NaN when they cannot be compared. */
function compare(left: FieldValue | undefined, right: FieldValue): number {
  if (left === null || left === undefined || right === null) {
    return (left ?? null) === right ? 0 : Number.NaN;
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (DATE_TIME.test(left) && DATE_TIME.test(right)) return Date.parse(left) - Date.parse(right);
    const [a, b] = [left.toLowerCase(), right.toLowerCase()];
    return a === b ? 0 : a < b ? -1 : 1;
  }
  return typeof left === typeof right ? Number(left) - Number(right) : Number.NaN;
}

function comparison(field: string, operator: string, value: FieldValue): Condition {
  const by =
    (holds: (order: number) => boolean): Condition =>
    (record) =>
      holds(compare(record[field], value));
  switch (operator) {
    case '=':
      return by((order) => order === 0);
    case '!=':
    case '<>':
      return by((order) => order !== 0);
    case '<':
      return by((order) => order < 0);
    case '<=':
      return by((order) => order <= 0);
    case '>':
      return by((order) => order > 0);
    case '>=':
      return by((order) => order >= 0);
    case 'LIKE':
      return like(field, String(value));
    default:
      return fail('MALFORMED_QUERY', `unknown operator: ${operator}`);
  }
}

function like(field: string, pattern: string): Condition {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'is');
  return (record) => {
    const value = record[field];
    return typeof value === 'string' && expression.test(value);
  };
}

/** The matching records, in order, before paging. Deleted ones only with `includeDeleted` (queryAll). */
export function runSoql(
  state: SalesforceState,
  soql: Soql,
  includeDeleted = false,
): SalesforceRecord[] {
  const found = Object.values(state.records[soql.object])
    .filter((record) => includeDeleted || record.IsDeleted !== true)
    .filter(soql.where)
    .sort((a, b) => {
      for (const { field, isDescending } of soql.orderBy) {
        const result = compare(a[field], b[field] ?? null);
        if (result !== 0 && !Number.isNaN(result)) return isDescending ? -result : result;
      }
      return a.Id < b.Id ? -1 : 1;
    });
  const end = soql.limit === undefined ? undefined : soql.offset + soql.limit;
  return found.slice(soql.offset, end);
}

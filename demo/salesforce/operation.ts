/** The names by which faults and the journal know a request. */
export type SalesforceOperation =
  | 'token'
  | 'versions'
  | 'limits'
  | 'describe'
  | 'query'
  | 'create'
  | 'retrieve'
  | 'update'
  | 'upsert'
  | 'delete'
  | 'createMany'
  | 'retrieveMany'
  | 'updateMany'
  | 'upsertMany'
  | 'deleteMany'
  | 'other';

const SINGLE: Readonly<Record<string, SalesforceOperation>> = {
  GET: 'retrieve',
  PATCH: 'update',
  DELETE: 'delete',
};
const MANY: Readonly<Record<string, SalesforceOperation>> = {
  POST: 'createMany',
  PATCH: 'updateMany',
  DELETE: 'deleteMany',
};

/** What a request does, and to which record (id or external id value) when it names one. */
export function operationOf(
  method: string,
  path: string,
): { operation: SalesforceOperation; target: string | undefined } {
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  const none = { target: undefined };
  if (path === '/services/oauth2/token') return { operation: 'token', ...none };
  if (segments[0] !== 'services' || segments[1] !== 'data') return { operation: 'other', ...none };
  const [resource, object, first, second] = segments.slice(3);
  if (resource === undefined) return { operation: 'versions', ...none };
  if (resource === 'query' || resource === 'queryAll') return { operation: 'query', ...none };
  if (resource === 'limits') return { operation: 'limits', ...none };
  if (resource === 'composite') return { operation: compositeOf(method, first, second), ...none };
  if (resource !== 'sobjects') return { operation: 'other', ...none };
  if (object === undefined || first === 'describe') return { operation: 'describe', ...none };
  if (first === undefined) return { operation: method === 'POST' ? 'create' : 'describe', ...none };
  if (second !== undefined) {
    return { operation: method === 'PATCH' ? 'upsert' : 'retrieve', target: second };
  }
  return { operation: SINGLE[method] ?? 'other', target: first };
}

function compositeOf(
  method: string,
  object: string | undefined,
  externalIdField: string | undefined,
): SalesforceOperation {
  if (externalIdField !== undefined) return 'upsertMany';
  return object === undefined ? (MANY[method] ?? 'other') : 'retrieveMany';
}

/** What a lead, a person or an admin may have written; all else (ids, codes, moments) is ours. */
const WRITTEN = new Set([
  'personName',
  'title',
  'company',
  'asked',
  'text',
  'name',
  'label',
  'why',
  'when',
  'note',
  'repName',
  'byName',
  'reason',
  'detail',
  'routedBecause',
  'source',
  'leadSource',
  'campaign',
  'team',
  'displayName',
  'crmUrl',
  'missing',
  'notInSlack',
  'heldDetail',
  'value',
  'fromTeam',
  'toTeam',
  'email',
  'phone',
]);

/** The same view with this text wherever somebody wrote something. */
export function hostileCopy<T>(view: T, text: string): T {
  return copy(view, text, false) as T;
}

function copy(value: unknown, text: string, isWritten: boolean): unknown {
  if (typeof value === 'string') return isWritten ? text : value;
  if (Array.isArray(value)) return value.map((each) => copy(each, text, isWritten));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, copy(each, text, WRITTEN.has(key))]),
  );
}

export function repeated<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

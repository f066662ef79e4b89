import { type ParsedRuleFiles, readRuleFiles } from './read-rule-files.ts';
import type { RuleFiles } from './rule-files.ts';
import { ProblemList } from './rule-problem.ts';

/** One thing that differs: a rule's points, a tier's threshold. Values as JSON; undefined: not there. */
export interface RuleChange {
  /** "intent.pricing-page points", "group product-usage cap", "model.yml tiers.A.points". */
  what: string;
  before: string | undefined;
  after: string | undefined;
}

export interface RulesDiff {
  added: string[];
  removed: string[];
  changed: RuleChange[];
}

/** What two versions of the rules say differently. Null when one of them cannot be read. */
export function diffRules(before: RuleFiles, after: RuleFiles): RulesDiff | null {
  const old = readable(before);
  const current = readable(after);
  if (old === null || current === null) return null;
  const diff: RulesDiff = { added: [], removed: [], changed: [] };
  for (const [id, rule] of current.named) {
    const known = old.named.get(id);
    if (known === undefined) diff.added.push(id);
    else diff.changed.push(...changes(`${id} `, flat(known), flat(rule)));
  }
  diff.removed.push(...[...old.named.keys()].filter((id) => !current.named.has(id)));
  diff.changed.push(...changes('', old.rest, current.rest));
  diff.changed.push(...orderChanges(old.ordered, current.ordered));
  return diff;
}

interface Readable {
  /** Rules, groups, stops, floors, ceilings, teams and routes, by what `changed` calls them. */
  named: Map<string, object>;
  rest: Map<string, string>;
  /** Ids where order is meaning, by what is ordered: the routes, a group that picks the first. */
  ordered: Map<string, string[]>;
}

function readable(files: RuleFiles): Readable | null {
  const parsed = readRuleFiles(files, new ProblemList());
  if (parsed === null) return null;
  const rest = new Map(
    [...flat(parsed.model.value)].map(([path, value]) => [`model.yml ${path}`, value] as const),
  );
  return { named: namedOf(parsed), rest, ordered: orderedOf(parsed) };
}

/** Rules have ids of their own among all rules; a group or a team may be called the same as one. */
function namedOf({ fit, intent, disqualify, routing }: ParsedRuleFiles): Map<string, object> {
  const { stops = [], floors = [], ceilings = [] } = disqualify.value;
  const { teams, routes } = routing.value;
  const axes = [fit.value, intent.value];
  const named = new Map<string, object>();
  for (const group of axes.flatMap(({ groups = [] }) => groups)) {
    named.set(`group ${group.id}`, group);
  }
  // The kind is compared as well: what was a floor can be a ceiling with the same words.
  const kinds = { points: axes.flatMap((axis) => axis.rules), stop: stops, floor: floors };
  for (const [kind, rules] of Object.entries({ ...kinds, ceiling: ceilings, route: routes })) {
    for (const rule of rules) named.set(rule.id, { kind, ...rule });
  }
  for (const team of teams) named.set(`team ${team.id}`, team);
  return named;
}

function orderedOf({ fit, intent, routing }: ParsedRuleFiles): Map<string, string[]> {
  const ordered = new Map([['order of the routes', routing.value.routes.map(({ id }) => id)]]);
  for (const { groups = [], rules } of [fit.value, intent.value]) {
    for (const { id, pick } of groups) {
      const members = rules.filter(({ group }) => group === id).map((rule) => rule.id);
      if (pick === 'first') ordered.set(`order in group ${id}`, members);
    }
  }
  return ordered;
}

/** Leaves by path; lists are leaves. */
function flat(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flat(inner, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function changes(
  prefix: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RuleChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.flatMap((path) => {
    const change = { what: prefix + path, before: before.get(path), after: after.get(path) };
    return change.before === change.after ? [] : [change];
  });
}

/** A new order of what both have: what came or went is told as that. */
function orderChanges(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): RuleChange[] {
  return [...after].flatMap(([what, ids]) => {
    const known = before.get(what) ?? [];
    const was = JSON.stringify(known.filter((id) => ids.includes(id)));
    const is = JSON.stringify(ids.filter((id) => known.includes(id)));
    return was === is ? [] : [{ what, before: was, after: is }];
  });
}

import { hasFiniteValues } from './cells.ts';
import {
  type CompiledExpression,
  compileCondition,
  compileExpression,
  type ExpressionContext,
} from './compile-condition.ts';
import type { RuleFile } from './read-rule-file.ts';
import type {
  AxisFile,
  DisqualifyFile,
  RouteSource,
  RoutingFile,
  RuleSource,
} from './rule-files.ts';
import type { Locate, ProblemList } from './rule-problem.ts';
import { didYouMean } from './rule-problem.ts';
import type { HardStop, Judged, PointRule, Route, RuleGroup, TierBound } from './ruleset.ts';
import { capitalised, codeWords } from './value-words.ts';
import { compileWhy, type WhyTemplate } from './why-template.ts';

/** What compiling one file needs: its name, the typed world, where problems go. */
export interface FileContext {
  file: string;
  expressions: ExpressionContext;
  problems: ProblemList;
}

type Condition = {
  id: string;
  when: string;
  why?: string | undefined;
  expires?: string | undefined;
};

function expressionAt(
  context: FileContext,
  locate: Locate,
  source: string,
  wanted: 'bool' | 'time',
): CompiledExpression | null {
  const result =
    wanted === 'bool'
      ? compileCondition(context.expressions, source)
      : compileExpression(context.expressions, source, wanted);
  if (result.ok) return result.expression;
  context.problems.add('error', context.file, locate(result.start), result.message, result.hint);
  return null;
}

function whyAt(context: FileContext, locate: Locate, text: string | undefined): WhyTemplate | null {
  if (text === undefined) return null;
  const result = compileWhy(context.expressions, text);
  if (result.ok) return result.template;
  context.problems.add('error', context.file, locate(result.start), result.message, result.hint);
  return null;
}

function judged(
  context: FileContext,
  source: Condition,
  locate: (key: string) => Locate,
): Judged | null {
  const condition = expressionAt(context, locate('when'), source.when, 'bool');
  const why = whyAt(context, locate('why'), source.why);
  if (condition === null) return null;
  const { slots } = context.expressions.table;
  const opaque = [...condition.whole].filter((index) => {
    const slot = slots[index];
    return slot !== undefined && slot.kind !== 'presence' && !hasFiniteValues(slot);
  });
  const expiresAt = source.expires === undefined ? null : Date.parse(`${source.expires}T00:00:00Z`);
  return { id: source.id, condition, why, expiresAt, opaque: new Set(opaque) };
}

/** Adds one axis file's groups and rules to the lists; disabled rules are checked but left out. */
export function compileAxisFile(
  context: FileContext,
  file: RuleFile<AxisFile>,
  into: { rules: PointRule[]; groups: RuleGroup[] },
): void {
  const sources = file.value.groups ?? [];
  const firstGroup = into.groups.length;
  const members: number[][] = sources.map(() => []);
  file.value.rules.forEach((source, index) => {
    const rule = pointRule(context, file, source, index, firstGroup);
    if (rule === null || source.enabled === false) return;
    const position = into.rules.push(rule) - 1;
    if (rule.group !== null) members[rule.group - firstGroup]?.push(position);
  });
  sources.forEach(({ id, label, pick, cap }, index) => {
    const own = members[index] ?? [];
    const axis = own.map((position) => into.rules[position]?.axis).find(Boolean) ?? 'fit';
    const mixed = own.some((position) => into.rules[position]?.axis !== axis);
    const at = file.locate(['groups', index, 'id'])();
    if (mixed)
      context.problems.add('error', context.file, at, `Group "${id}" mixes fit and intent`);
    if (cap !== undefined && pick !== 'sum') {
      context.problems.add('error', context.file, at, `Group "${id}": a cap goes with pick: sum`);
    }
    into.groups.push({
      ...{ id, axis, pick, cap: cap ?? null, members: own },
      label: label ?? capitalised(codeWords(id)),
    });
  });
}

function pointRule(
  context: FileContext,
  file: RuleFile<AxisFile>,
  source: RuleSource,
  index: number,
  firstGroup: number,
): PointRule | null {
  const locate = (key: string) => file.locate(['rules', index, key]);
  const base = judged(context, source, locate);
  const groups = (file.value.groups ?? []).map((group) => group.id);
  let group: number | null = null;
  if (source.group !== undefined) {
    const found = groups.indexOf(source.group);
    if (found === -1) {
      const hint =
        didYouMean(source.group, groups) ?? 'Groups are declared at the top of the file.';
      const message = `Unknown group "${source.group}"`;
      context.problems.add('error', context.file, locate('group')(), message, hint);
    } else group = firstGroup + found;
  }
  const decay = compileDecay(context, source, (key) => file.locate(['rules', index, 'decay', key]));
  if (base === null || (source.decay !== undefined && decay === null)) return null;
  return { ...base, axis: source.axis, group, points: source.points, decay };
}

function compileDecay(
  context: FileContext,
  source: RuleSource,
  locate: (key: string) => Locate,
): PointRule['decay'] {
  if (source.decay === undefined) return null;
  const since = expressionAt(context, locate('since'), source.decay.since, 'time');
  if (since === null) return null;
  const halfLife = source.decay.half_life;
  const unit = halfLife.endsWith('d') ? 86_400_000 : 3_600_000;
  return { since, halfLife, halfLifeMs: Number.parseInt(halfLife, 10) * unit };
}

export function compileDisqualifyFile(
  context: FileContext,
  file: RuleFile<DisqualifyFile>,
  into: { stops: HardStop[]; bounds: TierBound[] },
): void {
  (file.value.stops ?? []).forEach((source, index) => {
    const base = judged(context, source, (key) => file.locate(['stops', index, key]));
    if (base !== null && source.enabled !== false) into.stops.push({ ...base, code: source.code });
  });
  for (const key of ['floors', 'ceilings'] as const) {
    (file.value[key] ?? []).forEach((source, index) => {
      const base = judged(context, source, (part) => file.locate([key, index, part]));
      if (base === null || source.enabled === false) return;
      into.bounds.push({
        ...base,
        kind: key === 'floors' ? 'floor' : 'ceiling',
        tier: source.tier,
      });
    });
  }
}

export function compileRoutes(context: FileContext, file: RuleFile<RoutingFile>): Route[] {
  const teams = file.value.teams.map((team) => team.id);
  const routes: Route[] = [];
  file.value.routes.forEach((source, index) => {
    const locate = (key: string) => file.locate(['routes', index, key]);
    if (!teams.includes(source.team)) {
      const hint = didYouMean(source.team, teams) ?? `Known: ${teams.join(', ')}.`;
      const message = `Unknown team "${source.team}"`;
      context.problems.add('error', context.file, locate('team')(), message, hint);
    }
    const route = compileRoute(context, source, locate);
    if (route !== null && source.enabled !== false) routes.push(route);
  });
  checkCatchAll(context, file);
  return routes;
}

function compileRoute(
  context: FileContext,
  source: RouteSource,
  locate: (key: string) => Locate,
): Route | null {
  const why = whyAt(context, locate('why'), source.why);
  if (source.when === undefined) return { id: source.id, team: source.team, condition: null, why };
  const condition = expressionAt(context, locate('when'), source.when, 'bool');
  return condition === null ? null : { id: source.id, team: source.team, condition, why };
}

function checkCatchAll(context: FileContext, file: RuleFile<RoutingFile>): void {
  const { routes } = file.value;
  const isCatchAll = (route: RouteSource) =>
    route.enabled !== false && (route.when === undefined || route.when.trim() === 'true');
  const first = routes.findIndex(isCatchAll);
  if (first === -1) {
    const hint = 'Add a last route without "when", for everyone else.';
    const at = file.locate(['routes'])();
    context.problems.add('error', context.file, at, 'A lead could match no route', hint);
  } else if (first < routes.length - 1) {
    const at = file.locate(['routes', first + 1])();
    const message = `This route is never reached: "${routes[first]?.id}" takes everyone before it`;
    context.problems.add('error', context.file, at, message, 'Move the catch-all to the end.');
  }
}

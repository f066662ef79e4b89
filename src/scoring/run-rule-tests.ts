import type { Tier } from './assessment.ts';
import { type BoundSnapshot, bindSnapshot } from './bind-snapshot.ts';
import { ROOTS } from './cel-environment.ts';
import type { FeatureSnapshot, FeatureValue } from './features.ts';
import { judgeRoutes } from './judge-routes.ts';
import { judge, judgeRules, type Outcome } from './judge-rules.ts';
import { type GivenPlace, lintGiven } from './lint-given.ts';
import { readTestFiles } from './read-rule-files.ts';
import type { RuleFiles, RuleTest } from './rule-files.ts';
import { didYouMean, ProblemList, type RuleProblem } from './rule-problem.ts';
import { declaredSignals, type Ruleset } from './ruleset.ts';
import { scoreLead } from './score-lead.ts';

export interface RuleTestResult {
  file: string;
  name: string;
  line: number;
  /** What was expected and what came instead, one sentence each; empty when it passed. */
  failures: string[];
}

export interface RuleTestReport {
  results: RuleTestResult[];
  /** Rules that no case makes fire, or that no case keeps from firing. */
  untested: { ruleId: string; neverFired: boolean; alwaysFired: boolean }[];
  /** Test files that could not be read, fields that do not exist. */
  problems: RuleProblem[];
}

const DEFAULT_NOW = '2026-06-03T10:00:00Z';
const DAY_MS = 86_400_000;

/** Runs the tests beside the rules. A rule counts as tested once a case makes it fire and one does not. */
export function runRuleTests(ruleset: Ruleset, files: RuleFiles): RuleTestReport {
  const problems = new ProblemList();
  const results: RuleTestResult[] = [];
  const seen = new Map<string, Set<Outcome>>();
  for (const { file, name, at, test, place, outcomes } of caseOutcomes(ruleset, files, problems)) {
    lintGiven(ruleset, { file, test, place }, problems);
    for (const [id, outcome] of outcomes) {
      seen.set(id, (seen.get(id) ?? new Set<Outcome>()).add(outcome));
    }
    results.push({ file, name, line: at.line, failures: failuresOf(ruleset, test, outcomes) });
  }
  return { results, untested: untestedRules(ruleset, seen), problems: problems.sorted() };
}

export interface CaseOutcomes {
  file: string;
  name: string;
  at: { line: number; column: number };
  test: RuleTest;
  /** Where a value of the case stands, and where a key does. */
  place: GivenPlace;
  /** By rule id. */
  outcomes: Map<string, Outcome>;
}

/** What each rule says in each case of the test files. */
export function caseOutcomes(
  ruleset: Ruleset,
  files: RuleFiles,
  problems = new ProblemList(),
): CaseOutcomes[] {
  return readTestFiles(files, problems).flatMap(({ file, parsed }) =>
    parsed.value.tests.map((test, index) => {
      const { snapshot, now } = givenLead(ruleset, test);
      const outcomes = ruleOutcomes(ruleset, bindSnapshot(ruleset, snapshot, now));
      const at = parsed.locate(['tests', index])();
      const place: GivenPlace = {
        value: (path) => parsed.locate(['tests', index, ...path])(),
        key: (path) => parsed.locateKey(['tests', index, ...path]),
      };
      return { file, name: test.name, at, test, place, outcomes };
    }),
  );
}

function givenLead(ruleset: Ruleset, test: RuleTest): { snapshot: FeatureSnapshot; now: Date } {
  const now = new Date(test.now ?? DEFAULT_NOW);
  return { snapshot: givenSnapshot(ruleset, test, now), now };
}

/** What the condition of every rule, stop, floor and ceiling says, by rule id. */
export function ruleOutcomes(ruleset: Ruleset, bound: BoundSnapshot): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const { rule, outcome } of judgeRules(ruleset, bound)) outcomes.set(rule.id, outcome);
  for (const rule of [...ruleset.stops, ...ruleset.bounds])
    outcomes.set(rule.id, judge(rule, bound));
  return outcomes;
}

function givenFields(test: RuleTest): [string, FeatureValue | null][] {
  return ROOTS.flatMap((root) =>
    Object.entries(test.given[root] ?? {}).map(([key, value]): [string, FeatureValue | null] => [
      `${root}.${key}`,
      value,
    ]),
  );
}

function givenSnapshot(ruleset: Ruleset, test: RuleTest, now: Date): FeatureSnapshot {
  const hidden = new Set(test.given.undeclared_signals ?? []);
  const given = test.given.signals ?? [];
  const signals = given.flatMap(({ kind, days_ago, times = 1 }) => {
    const occurredAt = new Date(now.getTime() - days_ago * DAY_MS).toISOString();
    return Array.from({ length: times }, () => ({ kind, occurredAt }));
  });
  return {
    fields: Object.fromEntries(givenFields(test)),
    signals,
    declaredSignals: declaredSignals(ruleset).filter((kind) => !hidden.has(kind)),
  };
}

function failuresOf(
  ruleset: Ruleset,
  test: RuleTest,
  outcomes: ReadonlyMap<string, Outcome>,
): string[] {
  const { expect } = test;
  const { snapshot, now } = givenLead(ruleset, test);
  const assessment = scoreLead(ruleset, snapshot, now);
  const { tier, points, disqualified } = assessment;
  const failures = [
    ...outcomeFailures(outcomes, expect.fired, true),
    ...outcomeFailures(outcomes, expect.not_fired, false),
    ...outcomeFailures(outcomes, expect.unknown, undefined),
  ];
  const differs = (what: string, wanted: unknown, got: unknown) => {
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)) return;
    failures.push(`expected ${what} ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  };
  differs('tier', expect.tier, tier);
  differs('points', expect.points, points);
  differs('disqualified', expect.disqualified, disqualified?.code ?? false);
  const stops = expect.possible_stops === undefined ? undefined : [...expect.possible_stops].sort();
  differs('possible stops', stops, assessment.possibleStops);
  differs('route', expect.route, firstRoute(ruleset, snapshot, now, { tier, points }));
  return failures;
}

function firstRoute(
  ruleset: Ruleset,
  snapshot: FeatureSnapshot,
  now: Date,
  derived: { tier: Tier; points: number },
): string | undefined {
  const routes = judgeRoutes(ruleset, snapshot, now, derived);
  return routes.find((route) => route.outcome === true)?.routeId;
}

function outcomeFailures(
  outcomes: ReadonlyMap<string, Outcome>,
  ids: readonly string[] | undefined,
  wanted: Outcome,
): string[] {
  return (ids ?? []).flatMap((id) => {
    if (!outcomes.has(id)) {
      const hint = didYouMean(id, outcomes.keys());
      return [`there is no rule "${id}"${hint === undefined ? '' : `. ${hint}`}`];
    }
    const got = outcomes.get(id);
    return got === wanted ? [] : [`expected ${id} to be ${said(wanted)}, it was ${said(got)}`];
  });
}

function said(outcome: Outcome): string {
  return outcome === undefined ? 'unknown' : outcome ? 'fired' : 'not fired';
}

function untestedRules(
  ruleset: Ruleset,
  seen: ReadonlyMap<string, ReadonlySet<Outcome>>,
): RuleTestReport['untested'] {
  return [...ruleset.rules, ...ruleset.stops, ...ruleset.bounds].flatMap(({ id, condition }) => {
    const outcomes = seen.get(id);
    const neverFired = outcomes?.has(true) !== true;
    // "true" reads nothing: no case can keep it from firing.
    const isConstant = condition.reads.length === 0;
    const alwaysFired = !isConstant && outcomes?.has(false) !== true;
    return neverFired || alwaysFired ? [{ ruleId: id, neverFired, alwaysFired }] : [];
  });
}

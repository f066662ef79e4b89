import { TIERS } from './assessment.ts';
import { lintBuckets } from './lint-buckets.ts';
import { lintConditions, type RulePlace } from './lint-conditions.ts';
import { lintFields } from './lint-fields.ts';
import { lintModel, lintTeams } from './lint-model.ts';
import type { ParsedRuleFiles } from './read-rule-files.ts';
import type { RuleFiles } from './rule-files.ts';
import type { ProblemList } from './rule-problem.ts';
import type { Ruleset } from './ruleset.ts';
import { runRuleTests } from './run-rule-tests.ts';

/** Everything worth saying about rules that can be read. Errors here keep a ruleset from being used. */
export function lintRules(
  parsed: ParsedRuleFiles,
  ruleset: Ruleset,
  files: RuleFiles,
  problems: ProblemList,
): void {
  const places = rulePlaces(parsed);
  lintIds(parsed, places, problems);
  lintModel(parsed, problems);
  lintTeams(parsed, problems);
  lintPoints(parsed, problems);
  lintBounds(parsed, problems);
  if (problems.hasErrors) return;
  const byId = new Map(places.map((place) => [place.id, place]));
  lintConditions(ruleset, byId, problems);
  lintBuckets(ruleset, parsed, problems);
  lintFields(parsed, ruleset, problems);
  if (parsed.tests.length > 0) lintCoverage(ruleset, files, byId, problems);
}

function rulePlaces(parsed: ParsedRuleFiles): RulePlace[] {
  const { stops = [], floors = [], ceilings = [] } = parsed.disqualify.value;
  const sections = [
    { file: 'fit.yml', from: parsed.fit, section: 'rules', items: parsed.fit.value.rules },
    { file: 'intent.yml', from: parsed.intent, section: 'rules', items: parsed.intent.value.rules },
    { file: 'disqualify.yml', from: parsed.disqualify, section: 'stops', items: stops },
    { file: 'disqualify.yml', from: parsed.disqualify, section: 'floors', items: floors },
    { file: 'disqualify.yml', from: parsed.disqualify, section: 'ceilings', items: ceilings },
    {
      file: 'routing.yml',
      from: parsed.routing,
      section: 'routes',
      items: parsed.routing.value.routes,
    },
  ];
  return sections.flatMap(({ file, from, section, items }) =>
    items.map((item, index): RulePlace => {
      return { id: item.id, file, locate: (key) => from.locate([section, index, key]) };
    }),
  );
}

function lintIds(
  parsed: ParsedRuleFiles,
  places: readonly RulePlace[],
  problems: ProblemList,
): void {
  const seen = new Map<string, string>();
  type Place = { line: number; column: number };
  const check = (kind: string, id: string, file: string, at: Place, word = kind) => {
    const key = `${kind} ${id}`;
    const before = seen.get(key);
    seen.set(key, `${file}:${at.line}`);
    if (before === undefined) return;
    problems.add('error', file, at, `The ${word} "${id}" is already used at ${before}`);
  };
  for (const { id, file, locate } of places) check('id', id, file, locate('id')());
  for (const name of ['fit', 'intent'] as const) {
    (parsed[name].value.groups ?? []).forEach(({ id }, index) => {
      check('group', id, `${name}.yml`, parsed[name].locate(['groups', index, 'id'])());
    });
  }
  parsed.routing.value.teams.forEach(({ id }, index) => {
    check('team', id, 'routing.yml', parsed.routing.locate(['teams', index, 'id'])());
  });
  for (const list of ['override_reasons', 'disqualify_reasons'] as const) {
    parsed.model.value[list].forEach(({ code }, index) => {
      check(list, code, 'model.yml', parsed.model.locate([list, index, 'code'])(), 'code');
    });
  }
}

function lintPoints(parsed: ParsedRuleFiles, problems: ProblemList): void {
  for (const name of ['fit', 'intent'] as const) {
    parsed[name].value.rules.forEach(({ id, points }, index) => {
      if (points !== 0) return;
      const at = parsed[name].locate(['rules', index, 'points'])();
      const hint = 'Give it points, or switch it off with enabled: false.';
      problems.add('warning', `${name}.yml`, at, `"${id}" gives 0 points`, hint);
    });
    (parsed[name].value.groups ?? []).forEach(({ id, cap }, index) => {
      if (cap !== 0) return;
      const at = parsed[name].locate(['groups', index, 'cap'])();
      const message = `Group "${id}" gives 0 points: its cap is 0`;
      const hint = 'Give it a cap, or switch its rules off with enabled: false.';
      problems.add('warning', `${name}.yml`, at, message, hint);
    });
  }
}

/** Each lead is at least of the last tier and at most of the first anyway. */
function lintBounds({ disqualify }: ParsedRuleFiles, problems: ProblemList): void {
  const ends = { floors: ['at least', TIERS.at(-1)], ceilings: ['at most', TIERS[0]] } as const;
  for (const section of ['floors', 'ceilings'] as const) {
    const [least, end] = ends[section];
    (disqualify.value[section] ?? []).forEach(({ id, tier }, index) => {
      if (tier !== end) return;
      const at = disqualify.locate([section, index, 'tier'])();
      const message = `"${id}" changes nothing: every lead is ${least} tier ${tier}`;
      problems.add('warning', 'disqualify.yml', at, message);
    });
  }
}

function lintCoverage(
  ruleset: Ruleset,
  files: RuleFiles,
  places: ReadonlyMap<string, RulePlace>,
  problems: ProblemList,
): void {
  for (const { ruleId, neverFired } of runRuleTests(ruleset, files).untested) {
    const place = places.get(ruleId);
    if (place === undefined) continue;
    const wanted = neverFired ? 'makes it fire' : 'keeps it from firing';
    const message = `"${ruleId}" is untested: no case ${wanted}`;
    problems.add('warning', place.file, place.locate('id')(), message, 'Add one to a .test.yml.');
  }
}

import { type RuleFile, readRuleFile } from './read-rule-file.ts';
import {
  AxisFile,
  DisqualifyFile,
  isTestFile,
  ModelFile,
  RoutingFile,
  RULE_FILE_NAMES,
  type RuleFileName,
  type RuleFiles,
  TestFile,
} from './rule-files.ts';
import { didYouMean, type ProblemList } from './rule-problem.ts';

/** The five files as read, for compiling and lint. */
export interface ParsedRuleFiles {
  model: RuleFile<ModelFile>;
  fit: RuleFile<AxisFile>;
  intent: RuleFile<AxisFile>;
  disqualify: RuleFile<DisqualifyFile>;
  routing: RuleFile<RoutingFile>;
  tests: { file: string; parsed: RuleFile<TestFile> }[];
}

/** Reads all files. Null when one of the five is missing or wrong; what is wrong is in `problems`. */
export function readRuleFiles(files: RuleFiles, problems: ProblemList): ParsedRuleFiles | null {
  const start = { line: 1, column: 1 };
  for (const name of Object.keys(files).sort()) {
    if (RULE_FILE_NAMES.some((known) => known === name) || isTestFile(name)) continue;
    if (!/\.ya?ml$/.test(name)) continue;
    const hint = didYouMean(name, RULE_FILE_NAMES) ?? 'Tests end in .test.yml.';
    problems.add('error', name, start, `"${name}" is not a rule file`, hint);
  }
  const read = <T>(name: RuleFileName, schema: Parameters<typeof readRuleFile<T>>[2]) => {
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    if (text === undefined) {
      problems.add('error', name, start, `${name} is missing`);
      return null;
    }
    return readRuleFile(name, text, schema, problems);
  };
  const model = read('model.yml', ModelFile);
  const fit = read('fit.yml', AxisFile);
  const intent = read('intent.yml', AxisFile);
  const disqualify = read('disqualify.yml', DisqualifyFile);
  const routing = read('routing.yml', RoutingFile);
  const tests = readTestFiles(files, problems);
  if (!model || !fit || !intent || !disqualify || !routing) return null;
  return { model, fit, intent, disqualify, routing, tests };
}

export function readTestFiles(files: RuleFiles, problems: ProblemList): ParsedRuleFiles['tests'] {
  const names = Object.keys(files).filter(isTestFile).sort();
  return names.flatMap((file) => {
    const parsed = readRuleFile(file, files[file] ?? '', TestFile, problems);
    return parsed === null ? [] : [{ file, parsed }];
  });
}

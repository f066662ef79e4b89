import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { loadMailDomains } from '../../intake/load-mail-domains.ts';
import { systemClock } from '../../platform/clock.ts';
import { asAppError } from '../../platform/errors.ts';
import { readRulesFolder } from '../../records/rules-folder.ts';
import { hashRuleFiles } from '../../records/rulesets.ts';
import { compileRuleset, type Ruleset } from '../../scoring/compile-ruleset.ts';
import type { RuleProblem } from '../../scoring/rule-problem.ts';
import { printHtml } from './print-html.ts';
import { outcomeLines, printTable } from './print-table.ts';
import { showProgress } from './progress.ts';
import { openCsv } from './read-csv.ts';
import { readCsvFormat, readMapping } from './read-mapping.ts';
import { type BacktestRun, runBacktest } from './run-backtest.ts';

export interface BacktestCommandOptions {
  map: string;
  rules: string;
  outcome?: string;
  time?: string;
  skip?: string;
  json?: boolean;
  html?: string;
}

/** Something that a person can mend before it runs: sentences. */
class BacktestProblem extends Error {}

/** Exit codes: 0 done, 1 the rules or the mapping need mending, 2 a file cannot be read. */
export async function runBacktestCommand(
  file: string,
  options: BacktestCommandOptions,
): Promise<number> {
  try {
    const run = await backtest(file, options);
    if (options.html !== undefined) {
      const title = `${basename(file)} scored by ${options.rules}`;
      const page = printHtml(run, { title, at: systemClock.now() });
      await writeFile(options.html, page).catch(() => cannotWrite(options.html));
      process.stderr.write(`Charts are in ${options.html}\n`);
    }
    process.stdout.write(options.json ? `${JSON.stringify(run, null, 2)}\n` : printTable(run));
    return 0;
  } catch (error) {
    process.stderr.write(`${asAppError(error).message}\n`);
    return error instanceof BacktestProblem ? 1 : 2;
  }
}

async function backtest(file: string, options: BacktestCommandOptions): Promise<BacktestRun> {
  const skip = wholeNumber(options.skip ?? '0', '--skip');
  const ruleset = await loadRules(options.rules);
  const text = await readText(options.map);
  const format = orFail(options.map, readCsvFormat(options.map, text));
  const about = await stat(file).catch(() => cannotRead(file));
  if (about.isDirectory()) throw new Error(`${file} is a folder: name the CSV file in it.`);
  const csv = await openCsv(file, format);
  const { columns } = csv;
  const { outcome, time } = options;
  const context = { columns, ruleset, outcome, time };
  const mapping = orFail(options.map, readMapping(options.map, text, context));
  const progress = showProgress(process.stderr, about.size, csv.bytesRead);
  try {
    const run = await runBacktest({
      ...{ csv, mapping, ruleset, skip },
      mailDomains: loadMailDomains(),
      now: systemClock.now(),
      onRow: progress.tick,
    });
    // Texts of the mapping's own may have no match in this file; texts that nobody chose were not looked at.
    if (run.onlyOutcomes.length > 0 && !mapping.namesConverted) {
      throw new BacktestProblem(outcomeLines(run).join('\n'));
    }
    return run;
  } finally {
    progress.stop();
  }
}

async function loadRules(folder: string): Promise<Ruleset> {
  const files = await readRulesFolder(folder);
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (compiled.ok) return compiled.ruleset;
  throw new BacktestProblem(`The rules do not compile: run "npx firstcall rules check ${folder}".`);
}

function wholeNumber(text: string, option: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new BacktestProblem(`${option} takes a whole number, such as 1000.`);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => cannotRead(path));
}

function cannotWrite(path: string | undefined): never {
  throw new Error(`${path} cannot be written: check that its folder is there.`);
}

function cannotRead(path: string): never {
  throw new Error(`${path} cannot be read: check the path.`);
}

function orFail<T extends object>(file: string, read: T | RuleProblem[]): T {
  if (!Array.isArray(read)) return read;
  const lines = read.map(
    ({ line, column, message, hint }) =>
      `${file}:${line}:${column}  ${message}${hint === undefined ? '' : `\n    ${hint}`}`,
  );
  throw new BacktestProblem(lines.join('\n'));
}

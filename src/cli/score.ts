import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { loadMailDomains } from '../intake/load-mail-domains.ts';
import { parseLeadJson } from '../intake/parse-lead-json.ts';
import { parseSignalJson } from '../intake/parse-signal-json.ts';
import { HELD_REASON_TEXT } from '../lead/held-reason.ts';
import { leadFeatures } from '../lead/lead-features.ts';
import { normaliseLead } from '../lead/normalise-lead.ts';
import { systemClock } from '../platform/clock.ts';
import { asAppError } from '../platform/errors.ts';
import { readRulesFolder } from '../records/rules-folder.ts';
import { hashRuleFiles } from '../records/rulesets.ts';
import type { Assessment } from '../scoring/assessment.ts';
import { compileRuleset, type Ruleset } from '../scoring/compile-ruleset.ts';
import { presentJson } from '../scoring/present-json.ts';
import { presentTerminal } from '../scoring/present-terminal.ts';
import { declaredSignals } from '../scoring/ruleset.ts';
import { scoreLead } from '../scoring/score-lead.ts';

/** Something that a person can mend: one sentence. */
class ScoreProblem extends Error {}

/**
 * Scores one lead as a webhook would send it; `signals`, a list beside its fields, is read as the signal
 * webhook would. Exit codes: 0 scored, 1 the lead would be held, 2 something cannot be read.
 */
export async function runScore(
  file: string,
  options: { rules: string; json: boolean },
): Promise<number> {
  try {
    const ruleset = await loadRules(options.rules);
    const assessment = scoreJson(await readJson(file), ruleset, systemClock.now());
    process.stdout.write(
      options.json ? `${presentJson(assessment)}\n` : `${presentTerminal(assessment)}\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${asAppError(error).message}\n`);
    return error instanceof ScoreProblem ? 1 : 2;
  }
}

async function loadRules(folder: string): Promise<Ruleset> {
  const files = await readRulesFolder(folder);
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (compiled.ok) return compiled.ruleset;
  throw new Error('The rules do not compile: run "npx firstcall rules check".');
}

async function readJson(file: string): Promise<unknown> {
  let content: string;
  try {
    content = file === '-' ? await readStream(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read: check the path.`, { cause: error });
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${file} is not JSON.`, { cause: error });
  }
}

function scoreJson(data: unknown, ruleset: Ruleset, now: Date): Assessment {
  const record = (item: unknown) => ({
    format: 'json' as const,
    type: null,
    timestamp: null,
    data: item,
  });
  const read = parseLeadJson(record(data), 'from-a-file');
  if (!read.ok) throw new ScoreProblem(HELD_REASON_TEXT[read.reason]);
  const clean = normaliseLead(read.lead, 'file', now, loadMailDomains());
  if (!clean.ok) throw new ScoreProblem(HELD_REASON_TEXT[clean.reason]);
  const signals = signalsOf(data).flatMap((item) => {
    // In a file the lead is the one around the signal.
    const signal = parseSignalJson(record(Object.assign({ externalId: 'from-a-file' }, item)), now);
    return signal.ok ? [signal.signal] : [];
  });
  return scoreLead(
    ruleset,
    leadFeatures(clean.lead, signals, declaredSignals(ruleset), ruleset.fields),
    now,
  );
}

function signalsOf(data: unknown): unknown[] {
  if (typeof data !== 'object' || data === null || !('signals' in data)) return [];
  return Array.isArray(data.signals) ? data.signals : [];
}

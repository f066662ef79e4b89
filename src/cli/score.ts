import { loadMailDomains } from '../intake/load-mail-domains.ts';
import { HELD_REASON_TEXT, type Held } from '../lead/held-reason.ts';
import { leadFeatures } from '../lead/lead-features.ts';
import type { MailDomains } from '../lead/mail-domains.ts';
import { normaliseLead } from '../lead/normalise-lead.ts';
import { systemClock } from '../platform/clock.ts';
import { readRulesDir } from '../platform/config.ts';
import { asAppError } from '../platform/errors.ts';
import { readRulesFolder } from '../records/rules-folder.ts';
import { hashRuleFiles } from '../records/rulesets.ts';
import type { Assessment } from '../scoring/assessment.ts';
import { compileRuleset, type Ruleset } from '../scoring/compile-ruleset.ts';
import { type NearMiss, nearMisses } from '../scoring/near-misses.ts';
import { presentJson } from '../scoring/present-json.ts';
import { presentTerminal } from '../scoring/present-terminal.ts';
import { declaredSignals } from '../scoring/ruleset.ts';
import { scoreLead } from '../scoring/score-lead.ts';
import { type FileItem, readLeadFile } from './read-lead-file.ts';

export interface ScoreOptions {
  /** Undefined: as configured. */
  rules: string | undefined;
  json: boolean;
}

/**
 * Scores what a webhook could bring; `signals`, a list beside a lead's fields, is read as the signal webhook
 * would. Exit codes: 0 all scored, 1 some would be held, 2 something cannot be read.
 */
export async function runScore(file: string, options: ScoreOptions): Promise<number> {
  try {
    const ruleset = await loadRules(options.rules ?? readRulesDir());
    const now = systemClock.now();
    const read = await readLeadFile(file, now);
    if (!read.ok) return complain(read.message, 2);
    if (read.items.length === 0) return complain(`${file} holds no leads.`, 2);
    const mailDomains = loadMailDomains();
    const scored = read.items.map((item) => scoreItem(item, ruleset, mailDomains, now));
    const print = options.json ? printJson : printText;
    process.stdout.write(print(scored, read.isBatch));
    for (const [index, result] of scored.entries()) {
      const place = read.isBatch ? `Lead ${index + 1}: ` : '';
      for (const problem of result.problems) complain(place + problem);
    }
    return scored.some(({ assessment }) => assessment === null) ? 1 : 0;
  } catch (error) {
    return complain(asAppError(error).message, 2);
  }
}

function complain(sentence: string, code = 1): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}

async function loadRules(folder: string): Promise<Ruleset> {
  const files = await readRulesFolder(folder);
  const compiled = compileRuleset(files, { version: 1, hash: hashRuleFiles(files) });
  if (compiled.ok) return compiled.ruleset;
  throw new Error(
    `The rules in ${folder} do not compile: run "npx firstcall rules check ${folder}".`,
  );
}

interface Scored {
  /** Who it is, for the heading of one of several. */
  title: string;
  assessment: Assessment | null;
  nearMisses: NearMiss[];
  held: Held | null;
  problems: string[];
}

function scoreItem(item: FileItem, ruleset: Ruleset, mailDomains: MailDomains, now: Date): Scored {
  if (!item.ok) return heldItem(item);
  const clean = normaliseLead(item.lead, 'file', now, mailDomains);
  if (!clean.ok) return heldItem(clean);
  const { lead } = clean;
  const features = leadFeatures(lead, item.signals, declaredSignals(ruleset), ruleset.fields);
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null).join(' ');
  return {
    title: [name, lead.company].filter((part) => part !== null && part !== '').join(', '),
    assessment: scoreLead(ruleset, features, now),
    nearMisses: nearMisses(ruleset, features, now),
    held: null,
    problems: [
      ...lead.quality.flatMap(({ field, problem, detail }) =>
        problem === 'missing' ? [] : [`${field}: ${detail}.`],
      ),
      ...item.leftOut.map(
        ({ place, why }) => `Signal ${place} is left out. ${HELD_REASON_TEXT[why.reason]}`,
      ),
    ],
  };
}

function heldItem(held: Held): Scored {
  const why = `It would be held (${held.reason}: ${held.detail}). ${HELD_REASON_TEXT[held.reason]}`;
  return { title: '', assessment: null, nearMisses: [], held, problems: [why] };
}

function printText(scored: readonly Scored[], isBatch: boolean): string {
  return scored
    .map(({ assessment, nearMisses, title, held }, index) => {
      const why =
        assessment === null ? `Held: ${held?.reason}` : presentTerminal(assessment, nearMisses);
      if (!isBatch) return assessment === null ? '' : `${why}\n`;
      const of = `Lead ${index + 1} of ${scored.length}`;
      return `${title === '' ? of : `${of}: ${title}`}\n${why}\n`;
    })
    .join('\n');
}

/** One lead is an object, a batch a list of them in its order; a held one says why. */
function printJson(scored: readonly Scored[], isBatch: boolean): string {
  const texts = scored.map(({ assessment, nearMisses, held }) =>
    assessment === null
      ? JSON.stringify({ held: held?.reason, detail: held?.detail }, null, 2)
      : presentJson(assessment, nearMisses),
  );
  return isBatch ? `[${texts.join(',\n')}]\n` : `${texts.join('')}\n`;
}

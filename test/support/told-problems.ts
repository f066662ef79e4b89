import { compileRuleset, type RuleFiles } from '../../src/scoring/compile-ruleset.ts';
import { seedFiles } from './seed-rules.ts';

const SEED = Object.fromEntries(
  Object.entries(seedFiles()).filter(([name]) => !name.endsWith('.test.yml')),
);

/** "file:line:column message | hint" of all that is told of these rules, in place of seed files. */
export function told(change: RuleFiles): string[] {
  const result = compileRuleset({ ...SEED, ...change }, { version: 1, hash: 'h' });
  const problems = result.ok ? result.warnings : result.problems;
  return problems.map(
    ({ file, line, column, message, hint }) =>
      `${file}:${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

/** A seed file with one piece replaced; the piece must be there. */
export function edited(file: string, from: string | RegExp, to: string): RuleFiles {
  const text = SEED[file] ?? '';
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} has no ${String(from)}`);
  return { [file]: changed };
}

/** A fit file with one sound rule, and these lines at its end (from line 6 on). */
export function rule(lines: string): RuleFiles {
  return {
    'fit.yml': `rules:\n  - id: fit.x\n    axis: fit\n    when: "true"\n    points: 5\n${lines}`,
  };
}

/** A fit file whose only rule has this `when`, at line 4, column 11. */
export function when(value: string): RuleFiles {
  return {
    'fit.yml': `rules:\n  - id: fit.x\n    axis: fit\n    when: ${value}\n    points: 5\n`,
  };
}

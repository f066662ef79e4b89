import type { RuleFiles, RuleProblem } from '../../scoring/compile-ruleset.ts';

/** Each problem with its place, the line that it stands in with a caret below, and what to do. */
export function printProblems(
  folder: string,
  files: RuleFiles,
  problems: readonly RuleProblem[],
): string[] {
  return problems.map((problem) => {
    const { file, line, column, severity, message, hint } = problem;
    const place = `${folder}/${file}:${line}:${column}  ${severity}  ${message}`;
    return [place, ...excerpt(files[file], line, column), ...(hint ? [`    ${hint}`] : [])].join(
      '\n',
    );
  });
}

const WIDEST = 100;

function excerpt(text: string | undefined, line: number, column: number): string[] {
  const source = text?.split('\n')[line - 1]?.replaceAll('\t', ' ').trimEnd() ?? '';
  if (source.trim() === '') return [];
  // A long line is shown around the place.
  const from = Math.max(0, column - WIDEST);
  const indent = from === 0 ? source.length - source.trimStart().length : 0;
  const start = from + Math.min(indent, column - 1);
  const shown = source.slice(start, start + WIDEST + 20);
  return [`    ${shown}`, `    ${' '.repeat(Math.max(0, column - 1 - start))}^`];
}

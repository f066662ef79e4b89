import { closestName } from './closest-name.ts';

/** Something wrong, or worth knowing, in a rule file: where it is and what to do about it. */
export interface RuleProblem {
  severity: 'error' | 'warning';
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  message: string;
  hint?: string;
}

/** Where a piece of a rule file stands: turns an offset inside an expression into line and column. */
export type Locate = (offset?: number) => { line: number; column: number };

export class ProblemList {
  readonly problems: RuleProblem[] = [];

  add(
    severity: RuleProblem['severity'],
    file: string,
    at: { line: number; column: number },
    message: string,
    hint?: string,
  ): void {
    const problem = { severity, file, line: at.line, column: at.column, message };
    this.problems.push(hint === undefined ? problem : { ...problem, hint });
  }

  get hasErrors(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  /** Errors first, then by place: the same files always give the same list. */
  sorted(): RuleProblem[] {
    return [...this.problems].sort(
      (a, b) =>
        Number(a.severity === 'warning') - Number(b.severity === 'warning') ||
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        a.line - b.line ||
        a.column - b.column,
    );
  }
}

export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const closest = closestName(name, known);
  return closest === undefined ? undefined : `Did you mean "${closest}"?`;
}

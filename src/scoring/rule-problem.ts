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

/** The known name that the given one was most likely meant to be; undefined when none is close. */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = allowedTypos(name) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A short name with two letters changed is another name. */
function allowedTypos(name: string): number {
  if (name.length <= 2) return 0;
  return name.length <= 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
}

/** Levenshtein with swaps of neighbours, given up on (as `limit`) once it cannot be below it. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? limit) + 1,
        (row[j - 1] ?? limit) + 1,
        (last[j - 1] ?? limit) + (same ? 0 : 1),
      );
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? limit) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit;
}

export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const closest = closestName(name, known);
  return closest === undefined ? undefined : `Did you mean "${closest}"?`;
}

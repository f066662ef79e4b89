/** Something wrong inside one expression; `start` and `end` are offsets in its text. */
export class ExpressionProblem extends Error {
  readonly start: number;
  readonly end: number;
  readonly hint: string | undefined;

  constructor(message: string, range: { start: number; end: number }, hint?: string) {
    super(message);
    this.name = 'ExpressionProblem';
    this.start = range.start;
    this.end = range.end;
    this.hint = hint;
  }
}

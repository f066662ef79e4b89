/** What the CEL library says of an expression that it refuses. */
export interface CelError {
  code: string;
  summary: string;
  range: { start: number; end: number };
  node: { op?: string; args?: unknown } | undefined;
}

/** An error of the library, with the place that it means. A RangeError is thrown on. */
export function celError(error: unknown, source: string): CelError {
  if (error instanceof RangeError) throw error;
  const { code, summary, range, node } = error as Partial<CelError>;
  const text = summary ?? (error instanceof Error ? error.message : 'not readable');
  const whole = { start: 0, end: source.length };
  return { code: code ?? '', summary: text, range: range ?? whole, node };
}

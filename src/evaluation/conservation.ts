/** Where every acknowledged lead event is now. The parts are counted apart, so that the sum is a check. */
export interface Conservation {
  received: number;
  merged: number;
  delivered: number;
  held: number;
  inFlight: number;
  /** Sent by `/firstcall test-lead`, wherever they are: in no other part. */
  tests: number;
  balanced: boolean;
}

export function conservation(counts: Omit<Conservation, 'balanced'>): Conservation {
  const sum = counts.merged + counts.delivered + counts.held + counts.inFlight + counts.tests;
  return { ...counts, balanced: sum === counts.received };
}

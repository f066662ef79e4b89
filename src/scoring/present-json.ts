import type { Assessment } from './assessment.ts';
import type { NearMiss } from './near-misses.ts';
import { reasonLines } from './reason-lines.ts';

/**
 * The assessment for programs: everything in it, the lines in the order that people see, and the single
 * changes that would lift the tier.
 */
export function presentJson(assessment: Assessment, nearMisses: readonly NearMiss[] = []): string {
  return JSON.stringify({ ...assessment, lines: reasonLines(assessment), nearMisses }, null, 2);
}

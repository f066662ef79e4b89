import type { Assessment } from './assessment.ts';
import { reasonLines } from './reason-lines.ts';

/** The assessment for programs: everything in it, and the lines in the order that people see. */
export function presentJson(assessment: Assessment): string {
  return JSON.stringify({ ...assessment, lines: reasonLines(assessment) }, null, 2);
}

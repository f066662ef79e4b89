/** Why a request as a whole is refused: mapped to a status; the sentence says what to mend. */
export interface IntakeProblem {
  ok: false;
  status: 400 | 401 | 403 | 404 | 413 | 415 | 500 | 503;
  /** Stable, snake_case; safe as a metric label. */
  code: IntakeProblemCode;
  /** For whoever runs the sender. Holds nothing of the body and no secret. */
  message: string;
}

export const INTAKE_PROBLEM_CODES = [
  'address_unknown',
  'source_unknown',
  'content_type_unsupported',
  'content_encoding_unsupported',
  'body_too_large',
  'body_unreadable',
  'too_many_items',
  'signature_missing',
  'signature_invalid',
  'timestamp_invalid',
  'timestamp_out_of_tolerance',
  'xml_unsafe',
  'xml_invalid',
  'envelope_invalid',
  'organization_unknown',
  'reader_busy',
  'storage_unavailable',
  'unexpected',
] as const;
export type IntakeProblemCode = (typeof INTAKE_PROBLEM_CODES)[number];

export function problem(
  status: IntakeProblem['status'],
  code: IntakeProblemCode,
  message: string,
): IntakeProblem {
  return { ok: false, status, code, message };
}

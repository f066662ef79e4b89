/** An error as Salesforce words it; also one record's error in a collection. */
export interface SalesforceError {
  errorCode: string;
  message: string;
  fields?: readonly string[];
  /** With DUPLICATES_DETECTED: the records that match. */
  duplicateResult?: object;
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  REQUEST_LIMIT_EXCEEDED: 403,
  INSUFFICIENT_ACCESS: 403,
  API_DISABLED_FOR_ORG: 403,
  NOT_FOUND: 404,
  ENTITY_IS_DELETED: 404,
  METHOD_NOT_ALLOWED: 405,
  SERVER_UNAVAILABLE: 503,
  UNKNOWN_EXCEPTION: 500,
};

export function httpStatusOf(errorCode: string): number {
  return STATUS_BY_CODE[errorCode] ?? 400;
}

/** Thrown inside the double; answered as Salesforce's JSON list of errors. */
export class SalesforceFailure extends Error {
  readonly error: SalesforceError;

  constructor(error: SalesforceError) {
    super(`${error.errorCode}: ${error.message}`);
    this.name = 'SalesforceFailure';
    this.error = error;
  }
}

export function fail(errorCode: string, message: string, fields?: readonly string[]): never {
  throw new SalesforceFailure(
    fields === undefined ? { errorCode, message } : { errorCode, message, fields },
  );
}

import { AppError } from '../platform/errors.ts';

/** What First Call says about a lead, in our words; the adapter knows the CRM's fields. */
export interface CrmLeadScore {
  /** 0 to 100. */
  points: number;
  /** The tier that counts: an override wins. */
  tier: string;
  /** The why as plain text, one line each. */
  reasons: string;
  /** "v12". */
  ruleset: string;
  /** The standing decision ("Overridden to B"), null when nobody has decided. */
  decision: string | null;
  /** Code of the reason given with an override. */
  overrideReason: string | null;
}

/** Who the lead is, for a record that the CRM does not hold yet. */
export interface CrmLeadIdentity {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  email: string | null;
  phone: string | null;
  title: string | null;
  leadSource: string | null;
}

export interface CrmLeadWrite {
  /** Ours; also kept in the CRM, where it finds the record again. */
  leadId: string;
  /** Null: found or created by `leadId`. */
  crmId: string | null;
  score: CrmLeadScore;
  /** Absent: left as it is. */
  ownerId?: string;
  /** CRM pick-list value; absent: left as it is. */
  status?: string;
  identity: CrmLeadIdentity;
}

export type CrmWriteResult =
  | { kind: 'written'; crmId: string }
  /** Perhaps written: read before writing again. */
  | { kind: 'unknown'; error: AppError }
  /** Surely not written; may work later. */
  | { kind: 'not-written'; error: AppError }
  /** The CRM holds this person already, under these ids. */
  | { kind: 'duplicate'; crmIds: string[] }
  /** The record cannot be written any more. */
  | { kind: 'gone'; why: 'deleted' | 'converted' }
  /** `field`: the CRM's name of the field at fault, when it said so. */
  | { kind: 'rejected'; code: string; field: string | null; isMissingField: boolean };

export interface CrmLeadRef {
  leadId: string;
  crmId: string | null;
}

export interface CrmLeadRecord {
  crmId: string;
  score: {
    points: number | null;
    tier: string | null;
    reasons: string | null;
    ruleset: string | null;
    decision: string | null;
    overrideReason: string | null;
  };
  ownerId: string | null;
  status: string | null;
}

/**
 * Port to the CRM. Reads throw AppError (`crm_unavailable`, `crm_rate_limited`, `crm_unauthorized`,
 * `crm_rejected`); writes never throw: each lead has a result, since a batch may end half done.
 */
export interface Crm {
  /** Results by lead id. */
  writeLeads(writes: readonly CrmLeadWrite[]): Promise<ReadonlyMap<string, CrmWriteResult>>;
  /** By lead id; a lead that the CRM does not hold is absent. */
  readLeads(refs: readonly CrmLeadRef[]): Promise<ReadonlyMap<string, CrmLeadRecord>>;
  /** CRM user ids by lower-case e-mail; an address of two active users is absent, since it names neither. */
  findUsersByEmail(emails: readonly string[]): Promise<ReadonlyMap<string, string>>;
  ping(): Promise<void>;
  /** Share of the CRM's daily call limit that is used, 0 to 1, as of the last answer; null when unknown. */
  usage(): number | null;
}

/** The CRM does not know a field that we are set up to use. */
export class CrmFieldMissing extends AppError {
  readonly field: string;

  constructor(field: string, cause?: unknown) {
    super('crm_rejected', `The CRM has no field ${field} on Lead, or hides it from this user`, {
      retryable: false,
      cause,
    });
    this.name = 'CrmFieldMissing';
    this.field = field;
  }
}

import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { EffectOutcome } from '../platform/effect-outcome.ts';
import { AppError } from '../platform/errors.ts';
import { enqueueNotice } from '../platform/notices.ts';
import type { EffectClaim } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { CrmFieldMissing, type CrmWriteResult } from './crm.ts';
import { adoptCrmId, recordWrite } from './crm-write-records.ts';
import type { GatheredLead } from './gather-wanted-leads.ts';
import type { CrmWritePlan } from './plan-crm-write.ts';

export interface SettledWrite {
  claim: EffectClaim;
  lead: GatheredLead;
  plan: CrmWritePlan;
}

export interface GoneLead {
  leadId: string;
  /** The record that was written to. */
  crmId: string | null;
  why: 'deleted' | 'converted';
  traceId: string;
  now: Date;
}

interface Context {
  db: Kysely<Database>;
  clock: Clock;
  onGone(trx: Parameters<DoneRecord>[0], gone: GoneLead): Promise<void>;
}

type DoneRecord = NonNullable<Extract<EffectOutcome, { kind: 'done' }>['record']>;

/** What a record's result means for its effect. */
export async function outcomeOfResult(
  settled: SettledWrite,
  result: CrmWriteResult | undefined,
  context: Context,
): Promise<EffectOutcome> {
  const { claim, lead } = settled;
  switch (result?.kind) {
    case undefined:
      return { kind: 'unknown', error: unavailable('The CRM gave no result for this lead') };
    case 'written':
      return writeDone(settled, result.crmId, context.clock);
    case 'unknown':
      return { kind: 'unknown', error: result.error };
    case 'not-written':
      return retry(result.error, context.clock);
    case 'gone': {
      const { leadId, crmId } = lead.wanted;
      const gone = { leadId, crmId, why: result.why, traceId: claim.traceId };
      const now = context.clock.now();
      return { kind: 'done', record: (trx) => context.onGone(trx, { ...gone, now }) };
    }
    case 'duplicate':
      return outcomeOfDuplicate(settled, result.crmIds, context);
    case 'rejected':
      return result.isMissingField && result.field !== null
        ? fieldMissing(new CrmFieldMissing(result.field))
        : rejected(settled, result.code, result.field);
  }
}

/** A read that failed, or something unexpected: nothing was written. */
export function outcomeOfThrown(error: AppError, clock: Clock): EffectOutcome {
  if (error instanceof CrmFieldMissing) return fieldMissing(error);
  return error.code === 'unexpected' ? { kind: 'unknown', error } : retry(error, clock);
}

function retry(error: AppError, clock: Clock): EffectOutcome {
  if (error.retryAfterMs === undefined) return { kind: 'retry', error };
  return { kind: 'retry', error, at: new Date(clock.now().getTime() + error.retryAfterMs) };
}

/** The CRM holds what was wanted. */
export function writeDone(
  { claim, lead, plan }: SettledWrite,
  crmId: string | null,
  clock: Clock,
): EffectOutcome {
  const { leadId, shortId } = lead.wanted;
  return {
    kind: 'done',
    async record(trx) {
      const now = clock.now();
      const about = { traceId: claim.traceId, now };
      await recordWrite(trx, { leadId, crmId, after: plan.after, now });
      if (lead.unmatchedMember !== null) {
        const memberId = lead.unmatchedMember;
        await enqueueNotice(trx, {
          ...about,
          userId: 'admins',
          noticeKind: 'crm_owner_unmatched',
          subject: memberId,
          ids: { memberId },
        });
      }
      for (const { field, why } of plan.leftAlone) {
        await enqueueNotice(trx, {
          ...about,
          userId: lead.undoneBy ?? 'admins',
          noticeKind: why === 'changed' ? 'crm_changed_since' : 'crm_created_with',
          subject: `${leadId}:${field}`,
          ids: { leadId, shortId, field },
        });
      }
    },
  };
}

/** One match that nobody else of ours has: that is the record. */
async function outcomeOfDuplicate(
  settled: SettledWrite,
  crmIds: readonly string[],
  { db, clock }: Context,
): Promise<EffectOutcome> {
  const { leadId, shortId } = settled.lead.wanted;
  const [only] = crmIds;
  const error = unavailable('The CRM holds this lead already, under its own id');
  if (only !== undefined && crmIds.length === 1 && (await adoptCrmId(db, leadId, only))) {
    return { kind: 'retry', error, at: clock.now() };
  }
  const ids = { leadId, shortId, crmId: crmIds.join(', ') || 'not named' };
  return {
    kind: 'failed',
    error: new AppError('crm_rejected', 'The CRM holds duplicates of this lead', {
      retryable: false,
    }),
    notice: { noticeKind: 'crm_duplicate', subject: leadId, ids },
  };
}

function fieldMissing(error: CrmFieldMissing): EffectOutcome {
  const ids = { field: error.field };
  return {
    kind: 'failed',
    error,
    notice: { noticeKind: 'crm_field_missing', subject: error.field, ids },
  };
}

function rejected({ lead }: SettledWrite, code: string, field: string | null): EffectOutcome {
  const { leadId, shortId } = lead.wanted;
  const where = field === null ? '' : ` (field ${field})`;
  return {
    kind: 'failed',
    error: new AppError('crm_rejected', `The CRM refuses this lead: ${code}${where}`, {
      retryable: false,
    }),
    notice: {
      noticeKind: 'crm_rejected',
      subject: leadId,
      ids: { leadId, shortId, code, ...(field === null ? {} : { field }) },
    },
  };
}

function unavailable(message: string): AppError {
  return new AppError('crm_unavailable', message, { retryable: true });
}

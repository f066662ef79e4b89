import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { type Cause, oweBoard, oweCrm, oweHotLeadRefresh } from '../records/effects.ts';
import { LEAD_GIVEN, oweLeadNoticeAgain } from '../records/lead-notices.ts';
import { type LeadRecord, leadFromStored } from '../records/leads.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { Tier } from '../scoring/assessment.ts';
import { UNDO_WINDOW_MS } from './decision-rules.ts';
import type { DecidedLead, DecisionResult } from './ledger.ts';

export type Tx = Transaction<Database>;

export interface LedgerOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  clock: Clock;
  metrics: Metrics;
  /** Is there a CRM to write to? */
  writesBack: boolean;
  crmUrl(crmId: string | null): string | null;
  /** Scoring is asked to look again at once (a lead released, or undone). */
  onScoreDue(leadId: string): void;
}

export async function lockLead(tx: Tx, leadId: string): Promise<LeadRecord | undefined> {
  return tx.selectFrom('leads').selectAll().where('id', '=', leadId).forUpdate().executeTakeFirst();
}

export async function repeatedDecision(
  tx: Tx,
  idempotencyKey: string,
  lead: DecidedLead,
  now: Date,
): Promise<DecisionResult | null> {
  const earlier = await tx
    .selectFrom('decisions')
    .select(['id', 'decided_at'])
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  if (!earlier) return null;
  const undoUntil = new Date(earlier.decided_at.getTime() + UNDO_WINDOW_MS);
  return {
    kind: 'repeated',
    decisionId: earlier.id,
    lead,
    undoUntil: undoUntil > now ? undoUntil : null,
  };
}

export async function decidedLead(
  tx: Tx,
  lead: LeadRecord,
  crmUrl: (crmId: string | null) => string | null,
): Promise<DecidedLead> {
  const assessment =
    lead.assessment_id === null
      ? undefined
      : await tx
          .selectFrom('assessments')
          .select('tier')
          .where('id', '=', lead.assessment_id)
          .executeTakeFirst();
  const profile = leadFromStored(lead.profile);
  const person = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
  const role = [profile.title, profile.company].filter((part) => part !== null).join(' at ');
  const name = [person, role].filter((part) => part !== '').join(', ');
  return {
    leadId: lead.id,
    shortId: lead.short_id,
    name: name === '' ? lead.short_id : name,
    effectiveTier: lead.override_tier ?? assessment?.tier ?? 'D',
    phone: profile.phone,
    email: profile.email,
    crmUrl: crmUrl(lead.crm_id),
  };
}

/** From the first time that Slack confirmed showing the lead. */
export async function latencyMs(tx: Tx, leadId: string, now: Date): Promise<number | null> {
  const first = await tx
    .selectFrom('deliveries')
    .select('confirmed_at')
    .where('lead_id', '=', leadId)
    .orderBy('confirmed_at')
    .limit(1)
    .executeTakeFirst();
  return first ? Math.max(0, now.getTime() - first.confirmed_at.getTime()) : null;
}

/** Every decision redraws the board and the lead's own messages, and tells the CRM. */
export async function oweDecisionEffects(
  tx: Tx,
  leadId: string,
  writesBack: boolean,
  cause: Cause,
): Promise<void> {
  const assignment = await tx
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select('assignments.channel_id')
    .where('leads.id', '=', leadId)
    .executeTakeFirst();
  await oweHotLeadRefresh(tx, leadId, cause);
  await oweGivenAgain(tx, leadId, cause);
  if (writesBack) await oweCrm(tx, leadId, cause);
  // The board last: many leads want the same row, which is locked from here on.
  if (assignment) await oweBoard(tx, assignment.channel_id, 'decision', cause);
}

/** Whom the lead was last given to sees in that message what became of it since. */
async function oweGivenAgain(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  const given = await tx
    .selectFrom('decisions')
    .leftJoin('decisions as undo', 'undo.undoes', 'decisions.id')
    .select(['decisions.id', 'decisions.to_member', 'decisions.decided_at'])
    .where('decisions.lead_id', '=', leadId)
    .where('decisions.to_member', 'is not', null)
    .where('undo.id', 'is', null)
    .orderBy('decisions.decided_at', 'desc')
    .orderBy('decisions.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isNew = given?.decided_at.getTime() === cause.now.getTime();
  if (!given || given.to_member === null || isNew) return;
  const { id: decisionId, to_member: userId, decided_at: decidedAt } = given;
  const notice = { userId, noticeKind: LEAD_GIVEN, leadId, decisionId, decidedAt } as const;
  await oweLeadNoticeAgain(tx, notice, cause);
}

export function tierOf(text: string | null): Tier | null {
  const parsed = Tier.safeParse(text);
  return parsed.success ? parsed.data : null;
}

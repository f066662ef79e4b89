import type { Kysely } from 'kysely';
import { settleEvent, takeEvent } from './intake/settle-event.ts';
import { understandEvent } from './intake/understand-event.ts';
import type { MailDomains } from './lead/mail-domains.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { inTransaction } from './platform/postgres/database.ts';
import type { Database } from './platform/postgres/tables.ts';
import { recordAssessment } from './records/assessments.ts';
import { oweLeadEffects } from './records/effects.ts';
import { gatherFeatures, lockDueLead, settleLead } from './records/lead-state.ts';
import type { RepLoads } from './records/rep-loads.ts';
import { routeAndAssign } from './records/route-lead.ts';
import type { Rulesets } from './records/rulesets.ts';
import { scoreLead } from './scoring/score-lead.ts';

export interface PipelineOptions {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  rulesets: Rulesets;
  mailDomains: MailDomains;
  /** For HMACs that stand for e-mail addresses. */
  pepper: string;
  newShortId(): string;
  loads: RepLoads;
  /** Is there a CRM to write to? */
  writesBack: boolean;
}

/*
 * The whole flow on one screen:
 *
 *   intake -> lead -> scoring -> routing -> delivery -> (a person decides) -> write-back
 *
 * The pipeline gathers, core decides, edges act. Each function is one commit. A crash between the two
 * leaves a mark in Postgres (an event still `received`, a lead with `score_due_at`, a due outbox row)
 * from which the sweep goes on.
 */
export interface Pipeline {
  /** A stored webhook item becomes a lead, a touch of a known lead, a signal, or is held. */
  eventReceived(eventId: string): Promise<void>;
  /** Something that the score depends on changed: score, route, and owe Slack and the CRM the news. */
  leadChanged(leadId: string): Promise<void>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { db, clock, log, rulesets, mailDomains, loads } = options;

  async function eventReceived(eventId: string): Promise<void> {
    const leadId = await inTransaction(db, async (tx) => {
      const event = await takeEvent(tx, eventId);
      if (event === null) return null;
      if (event.state !== 'received') return event.leadId;
      const understood = understandEvent(mailDomains, event);
      return settleEvent(tx, event, understood, { ...options, now: clock.now() });
    });
    if (leadId !== null) await leadChanged(leadId);
  }

  async function leadChanged(leadId: string): Promise<void> {
    await inTransaction(db, async (tx) => {
      const lead = await lockDueLead(tx, leadId);
      if (lead === null) return;
      // After the lock: a version published meanwhile is either read here or marks the lead again.
      const rules = await rulesets.live(tx);
      const now = clock.now();
      const features = await gatherFeatures(tx, lead, rules);
      const assessment = scoreLead(rules, features, now);
      const recorded = await recordAssessment(tx, lead, assessment, features);
      const state = await settleLead(tx, lead, { ...recorded, assessment }, now);
      if (!recorded.changed && state === lead.state) return;
      const effectiveTier = lead.override_tier ?? assessment.tier;
      const channels = await routeAndAssign(tx, { lead, rules, assessment, features }, loads, now);
      const scored = { lead, channels, effectiveTier, state };
      await oweLeadEffects(tx, scored, options.writesBack, now);
      const { points, tier } = assessment;
      log.info({ traceId: lead.trace_id, leadId, points, tier, state }, 'lead scored');
    });
  }

  return { eventReceived, leadChanged };
}

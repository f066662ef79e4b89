import type { Kysely } from 'kysely';
import { settleEvents, takeEvents } from './intake/settle-events.ts';
import { understandEvent } from './intake/understand-event.ts';
import type { MailDomains } from './lead/mail-domains.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import { inTransaction } from './platform/postgres/database.ts';
import type { Database } from './platform/postgres/tables.ts';
import { recordAssessments } from './records/assessments.ts';
import { rescoreColleagues, rescoreLater } from './records/company-news.ts';
import { oweLeadEffects } from './records/effects.ts';
import {
  gatherFeatures,
  lockDueLeads,
  type StatedLead,
  settleLeads,
  withStates,
} from './records/lead-state.ts';
import { oweOverrideNews } from './records/override-news.ts';
import type { RepLoads } from './records/rep-loads.ts';
import { routeAndAssign } from './records/route-lead.ts';
import type { Rulesets } from './records/rulesets.ts';
import { declaredSignals } from './scoring/ruleset.ts';
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
 * The pipeline gathers, core decides, edges act. Each function is one commit for all that it is given: alone
 * a lead goes through at once, in a burst many share the round trips. A crash between the two leaves a mark
 * in Postgres (an event still `received`, a lead with `score_due_at`, a due outbox row) from which the sweep
 * goes on.
 */
export interface Pipeline {
  /** Stored webhook items become leads, touches of known leads, signals, or are held. */
  eventsReceived(eventIds: readonly string[]): Promise<void>;
  /** Something that scores depend on changed: score, route, and owe Slack and the CRM the news. */
  leadsChanged(leadIds: readonly string[]): Promise<void>;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { db, clock, log, rulesets, mailDomains, loads } = options;

  async function eventsReceived(eventIds: readonly string[]): Promise<void> {
    const { leadIds, busy } = await inTransaction(db, async (tx) => {
      const events = await takeEvents(tx, eventIds);
      const open = events.filter((event) => event.state === 'received');
      const understood = open.map((event) => ({
        event,
        understood: understandEvent(mailDomains, event),
      }));
      const now = clock.now();
      const news = await settleEvents(tx, understood, {
        ...options,
        declaredKinds: async () => declaredSignals(await rulesets.live(tx)),
        now,
      });
      return {
        leadIds: [...events.flatMap((event) => event.leadId ?? []), ...news.leadIds],
        busy: await rescoreColleagues(tx, news.companies, now),
      };
    });
    await leadsChanged([...new Set(leadIds)]);
    if (busy.length > 0) await inTransaction(db, (tx) => rescoreLater(tx, busy, clock.now()));
  }

  async function leadsChanged(leadIds: readonly string[]): Promise<void> {
    if (leadIds.length === 0) return;
    const scored = await inTransaction(db, async (tx) => {
      const leads = await lockDueLeads(tx, leadIds);
      if (leads.length === 0) return [];
      // After the locks: a version published meanwhile is either read here or marks the leads again.
      const rules = await rulesets.live(tx);
      const now = clock.now();
      const gathered = await gatherFeatures(tx, leads, rules);
      const assessed = gathered.map((each) => ({
        ...each,
        assessment: scoreLead(rules, each.features, now),
      }));
      const recorded = await recordAssessments(tx, assessed);
      const stated = await withStates(tx, recorded, rules);
      // Also those with the same score: another owner in the CRM changes whose they are.
      const placed = await routeAndAssign(tx, stated, rules, loads, now);
      await settleLeads(tx, placed, rules, now);
      const isRescored = (each: StatedLead) => each.changed || each.state !== each.lead.state;
      const rescored = placed.filter(isRescored);
      await oweOverrideNews(tx, rescored, now);
      const routed = placed.filter(
        (each) => isRescored(each) || each.assignmentId !== each.lead.assignment_id,
      );
      await oweLeadEffects(tx, routed, options.writesBack, now);
      return routed;
    });
    for (const { lead, assessment, state } of scored) {
      const { points, tier } = assessment;
      log.info({ traceId: lead.trace_id, leadId: lead.id, points, tier, state }, 'lead scored');
    }
  }

  return { eventsReceived, leadsChanged };
}

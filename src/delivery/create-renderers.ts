import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { readEscalation } from '../records/escalations.ts';
import { isLeadNotice } from '../records/lead-notices.ts';
import { OVERRIDE_OUTCOME } from '../records/outcomes.ts';
import { OVERRIDE_NEWS } from '../records/override-news.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { buildBoard, buildBoardMoved } from './cards/board.ts';
import { buildEscalation } from './cards/escalation.ts';
import { buildHotSummary } from './cards/hot-summary.ts';
import { buildThreadReply } from './cards/thread-reply.ts';
import type { ChannelDirectory } from './channel-directory.ts';
import type { DecisionCodes } from './decision-codes.ts';
import { createDigestRenderer } from './digest-renderer.ts';
import { createHotRenderers } from './hot-renderers.ts';
import { leadRowsByIds, readBoard } from './queries/board-query.ts';
import { countHotWith } from './queries/hot-count-query.ts';
import { readLeadNotice } from './queries/lead-notice-query.ts';
import { readOverrideNews } from './queries/override-news-query.ts';
import { readOverrideOutcome } from './queries/override-outcome-query.ts';
import { readThread } from './queries/thread-query.ts';
import { buildLeadGiven } from './replies/lead-given.ts';
import { renderLeadNotice } from './replies/lead-notice.ts';
import { buildOverrideNews } from './replies/override-news.ts';
import { buildOverrideOutcome } from './replies/override-outcome.ts';
import { renderEffectNotice } from './send/render-notice.ts';
import type { Renderers } from './send/rendered.ts';

export interface RenderersOptions {
  db: Kysely<Database>;
  clock: Clock;
  directory: ChannelDirectory;
  crmUrl(crmId: string | null): string | null;
  rulesets: Pick<Rulesets, 'live'>;
  /** Reason codes of the live ruleset. */
  codes(): Promise<DecisionCodes>;
}

/** What the outbox sends: read and drawn at the moment of sending, so the newest state wins. */
export function createRenderers(options: RenderersOptions): Renderers {
  const { db, clock, directory, crmUrl } = options;
  return {
    async renderBoard(channel) {
      const team = await directory.teamOf(channel);
      const now = clock.now();
      const revision = await boardRevision(db, channel);
      const channelId = (await directory.resolve(channel)) ?? channel;
      const board = await readBoard(db, { channel, channelId, team, revision }, now, crmUrl);
      return {
        ...buildBoard(board.view),
        revision,
        channelId,
        assessmentIds: board.ranked.map((lead) => ({
          leadId: lead.id,
          assessmentId: lead.assessmentId,
        })),
      };
    },
    ...createHotRenderers(options),
    ...createDigestRenderer(options),
    async renderThread(leadId) {
      const thread = await readThread(db, leadId, options.codes);
      if (thread === null) return null;
      return { ...buildThreadReply(thread.view), entries: thread.entries };
    },
    async renderSummary(_channelId, leadIds) {
      const leads = await leadRowsByIds(db, leadIds, crmUrl);
      if (leads.length === 0) return null;
      return {
        ...buildHotSummary(leads, await countHotWith(db, leadIds), clock.now()),
        assessmentIds: await assessmentsOf(db, leadIds),
      };
    },
    renderMoved: buildBoardMoved,
    async renderEscalation(effectKey, step, recipient) {
      const { leadIds, channel } = await readEscalation(db, effectKey);
      const leads = await leadRowsByIds(db, leadIds, crmUrl);
      const team = channel === null ? '' : await directory.teamOf(channel);
      return {
        ...buildEscalation(step, { leads, team, recipient }, clock.now()),
        channelId: (channel && (await directory.resolve(channel))) ?? channel ?? recipient,
        isWaiting: leads.length > 0,
      };
    },
    async renderNotice(noticeKind, ids) {
      if (noticeKind === OVERRIDE_NEWS) {
        const news = await readOverrideNews(db, ids);
        return news === null ? null : buildOverrideNews(news);
      }
      if (noticeKind === OVERRIDE_OUTCOME) {
        const came = await readOverrideOutcome(db, ids);
        return came === null ? null : buildOverrideOutcome(came);
      }
      if (isLeadNotice(noticeKind)) {
        const view = await readLeadNotice(db, noticeKind, ids, crmUrl);
        return view === null ? null : buildLeadGiven(noticeKind, view, clock.now());
      }
      return renderEffectNotice(noticeKind, ids) ?? renderLeadNotice(noticeKind, ids);
    },
  };
}

async function boardRevision(db: Kysely<Database>, channel: string): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select('wanted_revision')
    .where('key', '=', `board:${channel}`)
    .executeTakeFirst();
  return row?.wanted_revision ?? 0;
}

async function assessmentsOf(db: Kysely<Database>, leadIds: readonly string[]) {
  const rows = await db
    .selectFrom('leads')
    .select(['id', 'assessment_id'])
    .where('id', 'in', [...leadIds])
    .execute();
  return rows.flatMap((row) =>
    row.assessment_id === null ? [] : { leadId: row.id, assessmentId: row.assessment_id },
  );
}

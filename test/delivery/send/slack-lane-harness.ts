import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { createSlackLane } from '../../../src/delivery/send/create-slack-lane.ts';
import { createSlackLeadBoard } from '../../../src/delivery/send/create-slack-lead-board.ts';
import type { MessageContent } from '../../../src/delivery/send/lead-board.ts';
import { renderEffectNotice } from '../../../src/delivery/send/render-notice.ts';
import type { DirectCopy, RankedLead } from '../../../src/delivery/send/rendered.ts';
import { createSlackClient } from '../../../src/delivery/send/slack-client.ts';
import type { EffectLane } from '../../../src/platform/effect-outcome.ts';
import {
  claimDue,
  enqueueEffect,
  LOOK_AFTER_MS,
  PRIORITY,
  type Priority,
  recoverEffects,
} from '../../../src/platform/outbox.ts';
import type { Database } from '../../../src/platform/postgres/tables.ts';
import { settleClaim } from '../../../src/platform/settle-claim.ts';
import type { MovableClock } from '../../support/movable-clock.ts';

/** The Slack lane on a real database and the workspace double, driven step by step on a clock of its own. */
export interface LaneHarness {
  lane: EffectLane;
  clock: MovableClock;
  /** What the renderers show. */
  boards: Map<string, { text: string; ranked: RankedLead[] }>;
  hot: Map<
    string,
    { channelId: string; text: string; assessmentId: string; copy?: DirectCopy | null }
  >;
  /** By lead id: what its rep gets directly. */
  direct: Map<string, { text: string; isWanted: boolean; quietUntil: Date | null }>;
  /** By lead id: what happened, oldest first. */
  threads: Map<string, { entry: string; text: string }[]>;
  owe(kind: string, payload: Record<string, string>, priority?: Priority): Promise<void>;
  /** Sends what is due now, until nothing is; the number of claims handled. */
  sendDue(): Promise<number>;
  /** Claims and sends, then forgets the outcome: as when the process is killed before it is recorded. */
  sendAndDie(): Promise<void>;
  /** As when a lease has ended. */
  recover(): Promise<void>;
  rows(): Promise<{ key: string; state: string; due_at: Date; last_error: string | null }[]>;
}

export interface HarnessOptions {
  db: Kysely<Database>;
  workspace: SlackWorkspace;
  clock: MovableClock;
  timeoutMs?: number;
  callWithinMs?: number;
}

const KEY_FIELD: Record<string, string> = {
  'slack.board': 'channelId',
  'slack.hot': 'leadId',
  'slack.thread': 'leadId',
};

export function createLaneHarness(options: HarnessOptions): LaneHarness {
  const { db, workspace, clock } = options;
  const log = pino({ level: 'silent' });
  const boards: LaneHarness['boards'] = new Map();
  const hot: LaneHarness['hot'] = new Map();
  const direct: LaneHarness['direct'] = new Map();
  const threads: LaneHarness['threads'] = new Map();
  const client = createSlackClient({
    token: workspace.botToken,
    apiUrl: workspace.apiUrl,
    timeoutMs: options.timeoutMs ?? 5_000,
  });
  const lane = createSlackLane({
    db,
    clock,
    board: createSlackLeadBoard(client),
    callWithinMs: options.callWithinMs ?? 20_000,
    render: {
      async renderBoard(channelId) {
        const board = boards.get(channelId);
        if (board === undefined) return null;
        return { ...contentOf(board.text), assessmentIds: board.ranked, channelId, revision: 1 };
      },
      async renderHot(leadId, { pings }) {
        const lead = hot.get(leadId);
        if (lead === undefined) return null;
        const { channelId, assessmentId, copy = null } = lead;
        const text = pings ? lead.text : `${lead.text}, without a ping`;
        return { ...contentOf(text), channelId, assessmentId, copy };
      },
      hotChannel: async (leadId) => hot.get(leadId)?.channelId ?? null,
      async renderThread(leadId) {
        const told = await db.selectFrom('thread_entries').select('entry').execute();
        const isTold = new Set(told.map(({ entry }) => entry));
        const news = (threads.get(leadId) ?? []).filter(({ entry }) => !isTold.has(entry));
        if (news.length === 0) return null;
        const text = news.map((each) => each.text).join(' | ');
        return { ...contentOf(text), entries: news.map(({ entry }) => entry) };
      },
      renderMoved: () => contentOf('moved'),
      renderEscalation: async () => ({
        ...contentOf('escalation'),
        ...{ channelId: '', isWaiting: false },
      }),
      async renderDirect(leadId) {
        const copy = direct.get(leadId);
        return copy === undefined ? null : { ...copy, ...contentOf(copy.text) };
      },
      async renderSummary(_channelId, leadIds) {
        const shown = leadIds.map((id) => [id, hot.get(id)] as const);
        return {
          ...contentOf(shown.map(([, lead]) => lead?.text ?? '').join(', ')),
          assessmentIds: shown.map(([leadId, lead]) => ({
            leadId,
            assessmentId: lead?.assessmentId ?? '',
          })),
        };
      },
      renderDigest: async () => null,
      renderNotice: async (kind, ids) => renderEffectNotice(kind, ids),
    },
  });
  const settling = { db, clock, log, random: () => 0, maxAttempts: 8, metrics: undefined };

  return {
    lane,
    clock,
    boards,
    hot,
    direct,
    threads,
    async owe(kind, payload, priority = PRIORITY.ordinary) {
      const subject = payload[KEY_FIELD[kind] ?? 'key'] ?? '';
      const key = `${kind.slice('slack.'.length)}:${subject}`;
      const now = clock.now();
      const effect = { key, lane: 'slack', kind, payload, priority, dueAt: now, now } as const;
      await db
        .transaction()
        .execute((trx) => enqueueEffect(trx, { ...effect, traceId: 'trace-test' }));
    },
    async sendDue() {
      let handled = 0;
      for (;;) {
        const [claim] = await claimDue(db, 'slack', clock.now(), 1);
        if (claim === undefined) return handled;
        handled += 1;
        const outcomes = await lane.handle([claim]);
        await settleClaim({ ...settling, wakeAt: () => undefined }, claim, outcomes.get(claim.id));
      }
    },
    async sendAndDie() {
      await lane.handle(await claimDue(db, 'slack', clock.now(), 1));
    },
    async recover() {
      clock.advance(LOOK_AFTER_MS);
      await recoverEffects(db, 'slack', clock.now(), 0);
    },
    rows: () =>
      db
        .selectFrom('outbox')
        .select(['key', 'state', 'due_at', 'last_error'])
        .orderBy('key')
        .execute(),
  };
}

export function contentOf(text: string): MessageContent {
  return { text, blocks: [{ type: 'section', text: { type: 'plain_text', text } }] };
}

/** A lead with one assessment, in the database. */
export async function insertLead(db: Kysely<Database>, crmId?: string): Promise<RankedLead> {
  const now = new Date();
  await db
    .insertInto('rulesets')
    .values({
      version: 1,
      hash: 'sample',
      files: '{}',
      status: 'live',
      parent_version: null,
      author: 'test',
      approver: null,
      note: 'test',
      created_at: now,
      published_at: now,
    })
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute();
  const tag = randomUUID();
  const { id: leadId } = await db
    .insertInto('leads')
    .values({
      short_id: `L-${tag.slice(0, 8)}`,
      source: 'test',
      external_id: tag,
      crm_id: crmId ?? null,
      profile: '{}',
      state: 'open',
      received_at: now,
      updated_at: now,
      trace_id: 'trace-test',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id: assessmentId } = await db
    .insertInto('assessments')
    .values({
      lead_id: leadId,
      ruleset_version: 1,
      ruleset_hash: 'sample',
      engine_version: '1',
      scored_at: now,
      points: 62,
      fit_points: 40,
      intent_points: 22,
      range_min: 47,
      range_max: 82,
      range_approximate: false,
      tier: 'A',
      disqualified_code: null,
      detail: '{}',
      features: '{}',
      result_hash: 'x',
      trace_id: 'trace-test',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .updateTable('leads')
    .set({ assessment_id: assessmentId })
    .where('id', '=', leadId)
    .execute();
  return { leadId, assessmentId };
}

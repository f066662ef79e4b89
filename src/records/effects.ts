import type { Transaction } from 'kysely';
import type { LeadState } from '../lead/lead.ts';
import { enqueueEffect, PRIORITY } from '../platform/outbox.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Tier } from '../scoring/assessment.ts';
import type { LeadRecord } from './leads.ts';

type Tx = Transaction<Database>;

/** Ordinary refreshes of one board are at least this far apart; a decision's comes at once. */
const BOARD_INTERVAL_MS = 30_000;

export interface Cause {
  traceId: string;
  now: Date;
}

/** The board of a channel must show the present state. */
export async function oweBoard(
  tx: Tx,
  channel: string,
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  const key = `board:${channel}`;
  await enqueueEffect(tx, {
    key,
    lane: 'slack',
    kind: 'slack.board',
    payload: { channelId: channel },
    dueAt: urgency === 'decision' ? cause.now : await nextRefreshAt(tx, key, cause.now),
    priority: urgency === 'decision' ? PRIORITY.decision : PRIORITY.ordinary,
    ...cause,
  });
}

async function nextRefreshAt(tx: Tx, key: string, now: Date): Promise<Date> {
  const row = await tx
    .selectFrom('outbox')
    .select('done_at')
    .where('key', '=', key)
    .executeTakeFirst();
  if (!row?.done_at) return now;
  return new Date(Math.max(now.getTime(), row.done_at.getTime() + BOARD_INTERVAL_MS));
}

/** The lead's own message must exist and show the present state. */
export async function oweHotLead(
  tx: Tx,
  leadId: string,
  urgency: 'decision' | 'refresh',
  cause: Cause,
): Promise<void> {
  await enqueueEffect(tx, {
    key: `hot:${leadId}`,
    lane: 'slack',
    kind: 'slack.hot',
    payload: { leadId },
    dueAt: cause.now,
    priority: urgency === 'decision' ? PRIORITY.decision : PRIORITY.hot,
    ...cause,
  });
}

/** After a decision: refresh the lead's own message when there is one. */
export async function oweHotLeadRefresh(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  const posted = await tx
    .selectFrom('outbox')
    .select('id')
    .where('key', '=', `hot:${leadId}`)
    .executeTakeFirst();
  if (posted) await oweHotLead(tx, leadId, 'decision', cause);
}

/** The CRM must hold the lead's present score, decision and owner. */
export async function oweCrm(tx: Tx, leadId: string, cause: Cause): Promise<void> {
  await enqueueEffect(tx, {
    key: `crm:${leadId}`,
    lane: 'crm',
    kind: 'crm.lead',
    payload: { leadId },
    dueAt: cause.now,
    priority: PRIORITY.ordinary,
    ...cause,
  });
}

export interface ScoredLead {
  lead: LeadRecord;
  /** Where its board was before, where it is now; null while it has none. */
  channels: { before: string | null; now: string | null };
  effectiveTier: Tier;
  state: LeadState;
}

/** What Slack and the CRM must learn after a new score. */
export async function oweLeadEffects(
  tx: Tx,
  scored: ScoredLead,
  writesBack: boolean,
  now: Date,
): Promise<void> {
  const { lead, channels, effectiveTier, state } = scored;
  const cause = { traceId: lead.trace_id, now };
  const onBoard = state === 'open' || lead.state === 'open';
  for (const channel of new Set([channels.before, channels.now])) {
    if (channel !== null && onBoard) await oweBoard(tx, channel, 'refresh', cause);
  }
  const isHot = effectiveTier === 'A' && state === 'open' && !lead.quiet;
  if (isHot && channels.now !== null) await oweHotLead(tx, lead.id, 'refresh', cause);
  else await oweHotLeadRefresh(tx, lead.id, cause);
  if (writesBack) await oweCrm(tx, lead.id, cause);
}

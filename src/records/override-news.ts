import { sql, type Transaction } from 'kysely';
import { enqueueNotice } from '../platform/notices.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { overrideNews } from '../scoring/override-news.ts';
import type { RecordedLead } from './assessments.ts';
import { readAttention } from './preferences.ts';

type Tx = Transaction<Database>;

export const OVERRIDE_NEWS = 'override-news';

/**
 * Tells who overrode a lead, privately, when the rules come to agree or move further away: once for the
 * assessment that does so, and not in their quiet hours. A person who left the workspace is told nothing.
 */
export async function oweOverrideNews(
  tx: Tx,
  recorded: readonly RecordedLead[],
  now: Date,
): Promise<void> {
  const news = recorded.filter(
    ({ lead, tierBefore, assessment, changed }) =>
      changed &&
      tierBefore !== null &&
      lead.override_tier !== null &&
      overrideNews(tierBefore, assessment.tier, lead.override_tier) !== null,
  );
  if (news.length === 0) return;
  const actors = await standingActors(
    tx,
    news.map(({ lead }) => lead.id),
  );
  for (const { lead, assessmentId } of news) {
    const userId = actors.get(lead.id);
    if (userId === undefined || lead.assessment_id === null || lead.override_tier === null)
      continue;
    const { quietUntil: notBefore } = await readAttention(tx, userId, now);
    await enqueueNotice(tx, {
      userId,
      notBefore,
      noticeKind: OVERRIDE_NEWS,
      subject: `${lead.id}:${assessmentId}`,
      ids: {
        leadId: lead.id,
        assessmentId,
        beforeId: lead.assessment_id,
        toTier: lead.override_tier,
      },
      traceId: lead.trace_id,
      now,
    });
  }
}

/** By lead id: who made the override that stands, if Slack can still reach them. */
async function standingActors(tx: Tx, leadIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ lead_id: string; actor: string; reachable: boolean }>`
    select distinct on (decisions.lead_id) decisions.lead_id, decisions.actor,
      coalesce(members.standing, 'member') in ('member', 'guest') as reachable
    from decisions
    join members on members.slack_user_id = decisions.actor
    where decisions.lead_id = any(${[...leadIds]}::uuid[]) and decisions.kind = 'overridden'
      and not exists (select 1 from decisions as undo where undo.undoes = decisions.id)
    order by decisions.lead_id, decisions.decided_at desc, decisions.id desc
  `.execute(tx);
  return new Map(rows.filter((row) => row.reachable).map((row) => [row.lead_id, row.actor]));
}

import { type Kysely, sql } from 'kysely';
import type { Database } from '../../platform/postgres/tables.ts';
import { Tier } from '../../scoring/assessment.ts';
import { contrastAssessments } from '../../scoring/contrast-assessments.ts';
import { isScoreNews } from '../../scoring/score-news.ts';
import { codeWords } from '../../scoring/value-words.ts';
import type { DecisionCodes } from '../decision-codes.ts';
import { THREAD_ENTRY } from '../send/thread-records.ts';
import type { ThreadNews, ThreadView } from '../views.ts';
import { nameOfMember } from './lead-rows.ts';

type Db = Kysely<Database>;

interface Told {
  at: Date;
  /** What is told with it. */
  entries: string[];
  news: ThreadNews;
}

export interface ThreadToTell {
  view: ThreadView;
  entries: string[];
}

/** What happened to a lead and its thread has not told. Null: nothing, or the lead was erased. */
export async function readThread(
  db: Db,
  leadId: string,
  codes: () => Promise<DecisionCodes>,
): Promise<ThreadToTell | null> {
  const lead = await db
    .selectFrom('leads')
    .select(['short_id', 'state', 'closed_reason', 'assessment_id', 'updated_at'])
    .where('id', '=', leadId)
    .executeTakeFirst();
  if (lead === undefined || lead.closed_reason === 'erased') return null;
  const told = [
    ...(await readDecisions(db, leadId, codes)),
    ...(await readScore(db, leadId, lead.assessment_id)),
    ...(await readOutcomes(db, leadId)),
    ...(await readClosing(db, leadId, lead)),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  if (told.length === 0) return null;
  return {
    view: { shortId: lead.short_id, news: told.map(({ news }) => news) },
    entries: told.flatMap(({ entries }) => entries),
  };
}

function isUntold(table: 'decisions' | 'outcomes', kind: string) {
  return sql<boolean>`not exists (select 1 from thread_entries as told
    where told.lead_id = ${sql.ref(`${table}.lead_id`)}
      and told.entry = ${`${kind}:`} || ${sql.ref(`${table}.id`)})`;
}

async function readDecisions(
  db: Db,
  leadId: string,
  codes: () => Promise<DecisionCodes>,
): Promise<Told[]> {
  const rows = await db
    .selectFrom('decisions')
    .leftJoin('members as actor', 'actor.slack_user_id', 'decisions.actor')
    .leftJoin('members as receiver', 'receiver.slack_user_id', 'decisions.to_member')
    .leftJoin('decisions as target', 'target.id', 'decisions.undoes')
    .selectAll('decisions')
    .select(['actor.display_name as by_name', 'receiver.display_name as to_name'])
    .select('target.kind as undone_kind')
    .where('decisions.lead_id', '=', leadId)
    .where(isUntold('decisions', 'decision'))
    .orderBy('decisions.decided_at')
    .orderBy('decisions.id')
    .execute();
  if (rows.length === 0) return [];
  const { override, disqualify } = await codes();
  const labelOf = (code: string | null) =>
    code === null
      ? null
      : ([...override, ...disqualify].find((each) => each.code === code)?.label ?? codeWords(code));
  return rows.map((row): Told => {
    const byName = nameOfMember(row.actor, row.by_name);
    const base = { at: row.decided_at, entries: [THREAD_ENTRY.decision(row.id)] };
    if (row.kind === 'undone') {
      const decision = row.undone_kind ?? 'accepted';
      return { ...base, news: { kind: 'undone', byName, decision } };
    }
    const to = row.to_member === null ? null : { name: nameOfMember(row.to_member, row.to_name) };
    return {
      ...base,
      news: {
        ...{ kind: 'decision', decision: row.kind, byName, to },
        toTier: Tier.safeParse(row.to_tier).data ?? null,
        reason: labelOf(row.reason_code),
        snoozedUntil: row.snoozed_until,
        afterMs: row.latency_ms === null ? null : Number(row.latency_ms),
      },
    };
  });
}

/** The present score against the last one that the thread told, when that is news. */
async function readScore(db: Db, leadId: string, assessmentId: string | null): Promise<Told[]> {
  const rows = await db
    .selectFrom('assessments')
    .leftJoin('thread_entries as told', (join) =>
      join
        .onRef('told.lead_id', '=', 'assessments.lead_id')
        .on(sql<boolean>`told.entry = 'assessment:' || assessments.id`),
    )
    .select(['assessments.id', 'assessments.detail', 'assessments.scored_at', 'told.entry'])
    .where('assessments.lead_id', '=', leadId)
    .orderBy('assessments.scored_at')
    .orderBy('assessments.id')
    .execute();
  const before = rows.findLast(({ entry }) => entry !== null);
  const present = rows.find(({ id }) => id === assessmentId);
  if (!before || !present || present.entry !== null) return [];
  if (!isScoreNews(before.detail, present.detail)) return [];
  const contrast = contrastAssessments(before.detail, present.detail);
  if (contrast === null) return [];
  const { tier, points } = present.detail;
  return [
    {
      at: present.scored_at,
      entries: rows
        .filter(({ entry }) => entry === null)
        .map(({ id }) => THREAD_ENTRY.assessment(id)),
      news: { kind: 'score', tier, points, contrast },
    },
  ];
}

async function readOutcomes(db: Db, leadId: string): Promise<Told[]> {
  const rows = await db
    .selectFrom('outcomes')
    .select(['id', 'kind', 'received_at'])
    .where('lead_id', '=', leadId)
    .where(isUntold('outcomes', 'outcome'))
    .orderBy('received_at')
    .execute();
  return rows.map(({ id, kind, received_at: at }) => ({
    at,
    entries: [THREAD_ENTRY.outcome(id)],
    news: { kind: 'outcome', outcome: kind },
  }));
}

/** A lead that a person took off the board is told as their decision. */
async function readClosing(
  db: Db,
  leadId: string,
  lead: { state: string; closed_reason: string | null; updated_at: Date },
): Promise<Told[]> {
  const reason = lead.closed_reason;
  if (lead.state !== 'closed' || reason === null || reason.startsWith('disqualified:')) return [];
  // The CRM's word for it says more.
  if (reason.endsWith('_in_crm') && (await hasEnded(db, leadId))) return [];
  const entry = THREAD_ENTRY.closed(reason);
  const told = await db
    .selectFrom('thread_entries')
    .select('entry')
    .where('lead_id', '=', leadId)
    .where('entry', '=', entry)
    .executeTakeFirst();
  if (told !== undefined) return [];
  return [{ at: lead.updated_at, entries: [entry], news: { kind: 'closed', reason } }];
}

async function hasEnded(db: Db, leadId: string): Promise<boolean> {
  const outcome = await db
    .selectFrom('outcomes')
    .select('id')
    .where('lead_id', '=', leadId)
    .where('kind', '<>', 'contacted')
    .executeTakeFirst();
  return outcome !== undefined;
}

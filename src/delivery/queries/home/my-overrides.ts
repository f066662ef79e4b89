import { type Kysely, sql } from 'kysely';
import type { Outcome } from '../../../lead/crm-outcome.ts';
import { TEST_LEAD_SOURCE } from '../../../lead/test-lead.ts';
import type { Database } from '../../../platform/postgres/tables.ts';
import { Tier } from '../../../scoring/assessment.ts';
import type { MyOverrides } from '../../home/home-views.ts';

const SHOWN = 5;

interface Row {
  leadId: string;
  shortId: string;
  name: string;
  at: Date;
  fromTier: string | null;
  toTier: string | null;
  cameOfIt: Outcome | null;
  cameAt: Date | null;
  count: number;
}

/**
 * What became of the leads that a person overrode or took off in the `days` before `to`: the last thing that the
 * CRM said after it, the end of the story before its beginning.
 */
export async function readMyOverrides(
  db: Kysely<Database>,
  userId: string,
  days: number,
  to: Date,
): Promise<MyOverrides> {
  const from = new Date(to.getTime() - days * 86_400_000);
  const { rows } = await sql<Row>`
    with mine as (
      select distinct on (decisions.lead_id) decisions.*
      from decisions left join decisions as undo on undo.undoes = decisions.id
      where decisions.actor = ${userId} and decisions.kind in ('overridden', 'disqualified')
        and undo.id is null and decisions.decided_at >= ${from} and decisions.decided_at < ${to}
      order by decisions.lead_id, decisions.decided_at desc, decisions.id desc
    )
    select mine.lead_id as "leadId", leads.short_id as "shortId", mine.decided_at as at,
      concat_ws(', ', nullif(concat_ws(' ', leads.profile ->> 'firstName',
        leads.profile ->> 'lastName'), ''), leads.profile ->> 'company') as name,
      assessments.tier as "fromTier", mine.to_tier as "toTier",
      said.kind as "cameOfIt", said.occurred_at as "cameAt", (count(*) over ())::int as count
    from mine join leads on leads.id = mine.lead_id and leads.source <> ${TEST_LEAD_SOURCE}
    left join assessments on assessments.id = mine.assessment_id
    left join lateral (
      select outcomes.kind, outcomes.occurred_at from outcomes
      where outcomes.lead_id = mine.lead_id and outcomes.occurred_at >= mine.decided_at
      order by outcomes.kind = 'contacted', outcomes.occurred_at desc, outcomes.id desc limit 1
    ) as said on true
    order by said.kind is null, mine.decided_at desc, mine.id desc limit ${SHOWN}
  `.execute(db);
  return {
    days,
    count: rows[0]?.count ?? 0,
    rows: rows.map(({ count: _all, ...row }) => ({
      ...row,
      fromTier: Tier.safeParse(row.fromTier).data ?? null,
      toTier: Tier.safeParse(row.toTier).data ?? null,
    })),
  };
}

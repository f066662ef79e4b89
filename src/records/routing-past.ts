import { type Kysely, sql } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';

/** What was told of a lead and who had it, before it is routed again. */
export interface RoutingPast {
  /** The rules of its present score. */
  rulesetVersion: number;
  /** What it was scored from then; null while no message of its own was confirmed by Slack. */
  announced: FeatureSnapshot | null;
  /** By id of a team: the Slack user id of who got it there last, null for nobody. */
  repByTeam: ReadonlyMap<string, string | null>;
}

/** By lead id, of those that have a score and an assignment. What people reassigned is not among it. */
export async function routingPasts(
  db: Kysely<Database>,
  leadIds: readonly string[],
): Promise<Map<string, RoutingPast>> {
  if (leadIds.length === 0) return new Map();
  const { rows } = await sql<{
    id: string;
    version: number;
    announced: FeatureSnapshot | null;
    reps: Record<string, string | null>;
  }>`
    select leads.id, assessments.ruleset_version as version,
      case when exists (select 1 from deliveries
          where deliveries.lead_id = leads.id and deliveries.surface = 'hot')
        then assessments.features end as announced,
      (select jsonb_object_agg(latest.team, latest.rep_user_id)
        from (select distinct on (team) team, rep_user_id from assignments
          where assignments.lead_id = leads.id and assigned_by = 'routing'
          order by team, assigned_at desc, id desc) as latest) as reps
    from leads join assessments on assessments.id = leads.assessment_id
    where leads.id = any(${[...leadIds]}::uuid[]) and leads.assignment_id is not null
  `.execute(db);
  return new Map(
    rows.map(({ id, version, announced, reps }) => [
      id,
      { rulesetVersion: version, announced, repByTeam: new Map(Object.entries(reps ?? {})) },
    ]),
  );
}

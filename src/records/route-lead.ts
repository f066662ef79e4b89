import { sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { RepLoad } from '../routing/choose-rep.ts';
import { routeLead } from '../routing/route-lead.ts';
import type { Ruleset } from '../scoring/ruleset.ts';
import type { AssessedLead } from './assessments.ts';
import {
  type AssignmentRecord,
  assignmentsByIds,
  insertAssignments,
  type NewAssignment,
} from './assignments.ts';
import type { RepLoads } from './rep-loads.ts';

type Tx = Transaction<Database>;

/** Which board the lead was on, and is on now. */
export interface Channels {
  before: string | null;
  now: string | null;
}

export interface Routed {
  channels: Channels;
  assignmentId: string | null;
}

const BY_ROUTING = 'routing';

/**
 * Routes leads, and again when a route or deadline changes while nobody has touched the lead. A rep keeps it
 * as long as the route stays; what a person accepted, overrode or reassigned stays where it is. Writes the
 * assignments, not yet the leads.
 */
export async function routeAndAssign<T extends AssessedLead>(
  tx: Tx,
  leads: readonly T[],
  rules: Ruleset,
  loads: RepLoads,
  now: Date,
): Promise<(T & Routed)[]> {
  const presentIds = leads.flatMap(({ lead }) => lead.assignment_id ?? []);
  const present = await assignmentsByIds(tx, presentIds);
  const people = await peopleOf(tx, leads, rules);
  const given: NewAssignment[] = [];
  const routed: (T & { channels: Channels })[] = [];
  for (const each of leads) {
    const before = present.get(each.lead.assignment_id ?? '');
    const load = await loads.read();
    const next = routeOne(each, before, { rules, people, load, now });
    if (next !== null) {
      given.push(next.assignment);
      if (next.takes !== null) loads.assigned(next.takes);
    }
    const channel = before?.channel_id ?? null;
    const channels = { before: channel, now: next?.assignment.channel ?? channel };
    routed.push({ ...each, channels });
  }
  const ids = await insertAssignments(tx, given, now);
  return routed.map((each) => ({
    ...each,
    assignmentId: ids.get(each.lead.id) ?? each.lead.assignment_id,
  }));
}

interface RouteContext {
  rules: Ruleset;
  people: People;
  load: RepLoad;
  now: Date;
}

/** Null: it stays where it is. `takes`: the rep whose turn this was. */
function routeOne(
  { lead, assessment, features }: AssessedLead,
  present: AssignmentRecord | undefined,
  { rules, people, load, now }: RouteContext,
): { assignment: NewAssignment; takes: string | null } | null {
  const isTouched = lead.accepted_by !== null || lead.override_tier !== null;
  if (present && (isTouched || present.assigned_by !== BY_ROUTING)) return null;
  const routed = routeLead(rules, {
    snapshot: features,
    assessment,
    overrideTier: lead.override_tier,
    load,
    ownerEmail: people.emailByCrmId.get(lead.profile.ownerCrmId ?? '') ?? null,
    waitingSince: lead.received_at,
    now,
  });
  if (present && isSame(present, routed)) return null;
  const keepsRep = present?.routing_rule === routed.ruleId && present.rep_user_id !== null;
  return {
    takes: keepsRep ? null : routed.repEmail,
    assignment: {
      leadId: lead.id,
      team: routed.team,
      channel: routed.channel,
      rep: keepsRep ? present.rep_user_id : (people.idByEmail.get(routed.repEmail ?? '') ?? null),
      routingRule: routed.ruleId,
      because: keepsRep ? present.because : routed.because,
      slaDueAt: routed.slaDueAt,
      by: BY_ROUTING,
    },
  };
}

function isSame(
  present: AssignmentRecord,
  routed: { ruleId: string; channel: string; slaDueAt: Date },
): boolean {
  return (
    present.routing_rule === routed.ruleId &&
    present.channel_id === routed.channel &&
    present.sla_due_at?.getTime() === routed.slaDueAt.getTime()
  );
}

interface People {
  /** E-mail addresses in lower case. */
  idByEmail: ReadonlyMap<string, string>;
  emailByCrmId: ReadonlyMap<string, string>;
}

/** Who could get one of these leads: the reps of the teams, and the present owners in the CRM. */
async function peopleOf(tx: Tx, leads: readonly AssessedLead[], rules: Ruleset): Promise<People> {
  const reps = rules.teams.flatMap((team) => team.reps.map((rep) => rep.email.toLowerCase()));
  const owners = leads.flatMap(({ lead }) => lead.profile.ownerCrmId ?? []);
  const { rows } = await sql<{ id: string; email: string; crm_id: string | null }>`
    select slack_user_id as id, lower(email) as email, crm_user_id as crm_id from members
    where email is not null
      and (standing is null or standing = 'member' or (standing = 'guest' and granted_by is not null))
      and (lower(email) = any(${[...new Set(reps)]}::text[]) or crm_user_id = any(${owners}::text[]))
  `.execute(tx);
  return {
    idByEmail: new Map(rows.map((row) => [row.email, row.id])),
    emailByCrmId: new Map(
      rows.flatMap(({ crm_id: crmId, email }) => (crmId === null ? [] : [[crmId, email] as const])),
    ),
  };
}

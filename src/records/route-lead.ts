import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { FormerRep, RepLoad } from '../routing/choose-rep.ts';
import { isMovedByFacts, keepInTeam, type RoutingInput, routeLead } from '../routing/route-lead.ts';
import type { Ruleset } from '../scoring/ruleset.ts';
import type { AssessedLead } from './assessments.ts';
import {
  type AssignmentRecord,
  assignmentsByIds,
  BY_ROUTING,
  insertAssignments,
  type NewAssignment,
} from './assignments.ts';
import type { RepLoads } from './rep-loads.ts';
import { type RoutingPast, routingPasts } from './routing-past.ts';

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

/**
 * Routes leads, and again when a route or deadline changes while nobody has touched the lead. What a person
 * accepted, overrode or reassigned stays where it is; so does what was announced to a rep, while only its score
 * changes. In a team where it has been it goes to the rep who had it. Writes the assignments, not yet the leads.
 */
export async function routeAndAssign<T extends AssessedLead>(
  tx: Tx,
  leads: readonly T[],
  rules: Ruleset,
  loads: RepLoads,
  now: Date,
): Promise<(T & Routed)[]> {
  const planned = await planRoutes(tx, leads, rules, loads, now);
  const ids = await insertAssignments(
    tx,
    planned.flatMap(({ next }) => next ?? []),
    now,
  );
  return planned.map(({ lead, present, next }) => {
    const before = present?.channel_id ?? null;
    return {
      ...lead,
      channels: { before, now: next?.channel ?? before },
      assignmentId: ids.get(lead.lead.id) ?? lead.lead.assignment_id,
    };
  });
}

export interface PlannedRoute<T> {
  lead: T;
  present: AssignmentRecord | undefined;
  /** Null: it stays where it is. */
  next: NewAssignment | null;
}

/** What routing would do; `loads` learns of it, nothing is written. `leads` are as they were before this score. */
export async function planRoutes<T extends AssessedLead>(
  db: Kysely<Database>,
  leads: readonly T[],
  rules: Ruleset,
  loads: RepLoads,
  now: Date,
): Promise<PlannedRoute<T>[]> {
  const routed = leads.filter(({ lead }) => lead.assignment_id !== null);
  const [presents, pasts, people] = [
    await assignmentsByIds(
      db,
      routed.flatMap(({ lead }) => lead.assignment_id ?? []),
    ),
    await routingPasts(
      db,
      routed.map(({ lead }) => lead.id),
    ),
    await peopleOf(db, leads, rules),
  ];
  const planned: PlannedRoute<T>[] = [];
  for (const lead of leads) {
    const present = presents.get(lead.lead.assignment_id ?? '');
    const past = pasts.get(lead.lead.id);
    const load = await loads.read();
    const next = routeOne(lead, present, { rules, people, load, now, past });
    if (next?.takes) loads.assigned(next.takes);
    planned.push({ lead, present, next: next?.assignment ?? null });
  }
  return planned;
}

interface RouteContext {
  rules: Ruleset;
  people: People;
  load: RepLoad;
  now: Date;
  past: RoutingPast | undefined;
}

/** Null: it stays where it is. `takes`: the rep who gets it now. */
function routeOne(
  each: AssessedLead,
  present: AssignmentRecord | undefined,
  context: RouteContext,
): { assignment: NewAssignment; takes: string | null } | null {
  const { lead } = each;
  const isTouched = lead.accepted_by !== null || lead.override_tier !== null;
  if (present && (isTouched || present.assigned_by !== BY_ROUTING)) return null;
  const { people, rules, past } = context;
  const input = routingInput(each, present, context);
  const routed = routeLead(rules, input);
  const kept = present && past ? keepAnnounced(present, past, routed.team, rules, input) : null;
  const place = kept ?? routed;
  const repEmail = kept ? kept.ownerEmail : routed.repEmail;
  const own = { ruleId: present?.routing_rule ?? '', because: present?.because ?? '' };
  const assignment: NewAssignment = {
    leadId: lead.id,
    team: place.team,
    channel: place.channel,
    rep: people.idByEmail.get(repEmail ?? '') ?? (kept ? (present?.rep_user_id ?? null) : null),
    routingRule: kept ? own.ruleId : routed.ruleId,
    because: kept ? own.because : routed.because,
    slaDueAt: place.slaDueAt,
    by: BY_ROUTING,
  };
  if (present === undefined) return { assignment, takes: repEmail };
  if (isSame(present, assignment)) return null;
  if (assignment.rep !== present.rep_user_id) return { assignment, takes: repEmail };
  const isSameRoute = assignment.routingRule === own.ruleId;
  return {
    assignment: isSameRoute ? { ...assignment, because: own.because } : assignment,
    takes: null,
  };
}

function routingInput(
  { lead, assessment, features }: AssessedLead,
  present: AssignmentRecord | undefined,
  { rules, people, load, now, past }: RouteContext,
): RoutingInput {
  const onlyRules = past !== undefined && past.rulesetVersion !== rules.version;
  const formerReps = new Map<string, FormerRep>();
  for (const [team, rep] of past?.repByTeam ?? []) {
    const repEmail = rep === null ? null : people.emailById.get(rep);
    // A lead that nobody has gets a rep when something happens to it, never because rules were changed.
    if (repEmail === undefined || (repEmail === null && !onlyRules)) continue;
    formerReps.set(team, { repEmail, isFirm: onlyRules && team === present?.team });
  }
  return {
    snapshot: features,
    assessment,
    overrideTier: lead.override_tier,
    load,
    ownerEmail: people.emailByCrmId.get(lead.profile.ownerCrmId ?? '') ?? null,
    formerReps,
    waitingSince: lead.received_at,
    now,
  };
}

/** Where a lead stays that was announced to a rep, when only its score would move it to another team. */
function keepAnnounced(
  present: AssignmentRecord,
  past: RoutingPast,
  team: string,
  rules: Ruleset,
  input: RoutingInput,
): ReturnType<typeof keepInTeam> {
  if (past.announced === null || team === present.team) return null;
  if (isMovedByFacts(rules, past.announced, input)) return null;
  return keepInTeam(rules, present.team, input);
}

function isSame(present: AssignmentRecord, next: NewAssignment): boolean {
  return (
    present.routing_rule === next.routingRule &&
    present.channel_id === next.channel &&
    present.rep_user_id === next.rep &&
    present.sla_due_at?.getTime() === next.slaDueAt?.getTime()
  );
}

interface People {
  /** E-mail addresses in lower case. */
  idByEmail: ReadonlyMap<string, string>;
  emailById: ReadonlyMap<string, string>;
  emailByCrmId: ReadonlyMap<string, string>;
}

/** Who could get one of these leads: the reps of the teams, and the present owners in the CRM. */
async function peopleOf(
  db: Kysely<Database>,
  leads: readonly AssessedLead[],
  rules: Ruleset,
): Promise<People> {
  const reps = rules.teams.flatMap((team) => team.reps.map((rep) => rep.email.toLowerCase()));
  const owners = leads.flatMap(({ lead }) => lead.profile.ownerCrmId ?? []);
  const { rows } = await sql<{ id: string; email: string; crm_id: string | null }>`
    select slack_user_id as id, lower(email) as email, crm_user_id as crm_id from members
    where email is not null
      and (standing is null or standing = 'member' or (standing = 'guest' and granted_by is not null))
      and (lower(email) = any(${[...new Set(reps)]}::text[]) or crm_user_id = any(${owners}::text[]))
  `.execute(db);
  return {
    idByEmail: new Map(rows.map((row) => [row.email, row.id])),
    emailById: new Map(rows.map((row) => [row.id, row.email])),
    emailByCrmId: new Map(
      rows.flatMap(({ crm_id: crmId, email }) => (crmId === null ? [] : [[crmId, email] as const])),
    ),
  };
}

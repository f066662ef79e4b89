import type { Transaction } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import { routeLead } from '../routing/route-lead.ts';
import type { Assessment } from '../scoring/assessment.ts';
import type { FeatureSnapshot } from '../scoring/features.ts';
import type { Ruleset } from '../scoring/ruleset.ts';
import { type AssignmentRecord, assign, presentAssignment } from './assignments.ts';
import type { LeadRecord } from './leads.ts';
import type { RepLoads } from './rep-loads.ts';

type Tx = Transaction<Database>;

export interface Routable {
  lead: LeadRecord;
  rules: Ruleset;
  assessment: Assessment;
  features: FeatureSnapshot;
}

/** Which board the lead was on, and is on now. */
export interface Channels {
  before: string | null;
  now: string | null;
}

const BY_ROUTING = 'routing';

/**
 * Routes a lead, and again when its route or deadline changes while nobody has touched it. A rep keeps the
 * lead as long as the route stays; what a person accepted, overrode or reassigned stays where it is.
 */
export async function routeAndAssign(
  tx: Tx,
  { lead, rules, assessment, features }: Routable,
  loads: RepLoads,
  now: Date,
): Promise<Channels> {
  const present = await presentAssignment(tx, lead.assignment_id);
  const before = present?.channel_id ?? null;
  const isTouched = lead.accepted_by !== null || lead.override_tier !== null;
  if (present && (isTouched || present.assigned_by !== BY_ROUTING)) return { before, now: before };
  const routed = routeLead(rules, {
    snapshot: features,
    assessment,
    overrideTier: lead.override_tier,
    load: await loads.read(),
    ownerEmail: await ownerEmail(tx, lead.profile.ownerCrmId),
    waitingSince: lead.received_at,
    now,
  });
  if (present && isSame(present, routed)) return { before, now: before };
  const keepsRep = present?.routing_rule === routed.ruleId && present.rep_user_id !== null;
  const rep = keepsRep ? present.rep_user_id : await memberOf(tx, routed.repEmail);
  if (!keepsRep && routed.repEmail !== null) loads.assigned(routed.repEmail);
  await assign(
    tx,
    {
      leadId: lead.id,
      team: routed.team,
      channel: routed.channel,
      rep,
      routingRule: routed.ruleId,
      because: keepsRep ? present.because : routed.because,
      slaDueAt: routed.slaDueAt,
      by: BY_ROUTING,
    },
    now,
  );
  return { before, now: routed.channel };
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

async function memberOf(tx: Tx, email: string | null): Promise<string | null> {
  if (email === null) return null;
  const member = await tx
    .selectFrom('members')
    .select('slack_user_id')
    .where((eb) => eb(eb.fn('lower', ['email']), '=', email))
    .executeTakeFirst();
  return member?.slack_user_id ?? null;
}

async function ownerEmail(tx: Tx, ownerCrmId: string | null): Promise<string | null> {
  if (ownerCrmId === null) return null;
  const member = await tx
    .selectFrom('members')
    .select('email')
    .where('crm_user_id', '=', ownerCrmId)
    .executeTakeFirst();
  return member?.email ?? null;
}

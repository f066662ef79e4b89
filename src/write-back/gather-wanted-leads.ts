import { type Kysely, sql } from 'kysely';
import type { LeadState } from '../lead/lead.ts';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import type { Database, StoredLead } from '../platform/postgres/tables.ts';
import type { Assessment, Tier } from '../scoring/assessment.ts';
import type { WantedLead } from './plan-crm-write.ts';

/** Which CRM status a decision brings about; null: none. */
export interface StatusMapping {
  accepted: string | null;
  disqualified: string | null;
  /** Before any decision: what a record that was created with one of the others goes back to. */
  open: string | null;
}

/**
 * Accepting is not contacting: "Working - Contacted" on accept would report a first touch that nobody made and stop
 * the speed-to-lead clock. So accepting changes the owner only, and the status moves when the rep calls.
 */
export const DEFAULT_STATUS_MAPPING: StatusMapping = {
  accepted: null,
  disqualified: 'Closed - Not Converted',
  open: 'Open - Not Contacted',
};

export interface GatherOptions {
  statuses: StatusMapping;
  /** The why as plain text for a CRM field of that many characters. */
  presentReasons(assessment: Assessment, maxLength: number): string;
  reasonsLength: number;
}

export interface GatheredLead {
  wanted: WantedLead;
  /** Who accepted it but has no user in the CRM. */
  unmatchedMember: string | null;
  /** Who undid the last decision, when that is the last thing that happened. */
  undoneBy: string | null;
}

interface Row {
  id: string;
  shortId: string;
  crmId: string | null;
  state: LeadState;
  profile: StoredLead;
  overrideTier: Tier | null;
  acceptedBy: string | null;
  ownerId: string | null;
  detail: Assessment;
  rulesetVersion: number;
  decision: string | null;
  toTier: string | null;
  reasonCode: string | null;
  undoneBy: string | null;
}

/** By lead id. Absent: a lead without an assessment, which has nothing to say yet, and a test lead. */
export async function gatherWantedLeads(
  db: Kysely<Database>,
  leadIds: readonly string[],
  options: GatherOptions,
): Promise<Map<string, GatheredLead>> {
  const { rows } = await sql<Row>`
    select leads.id, leads.short_id as "shortId", leads.crm_id as "crmId", leads.state, leads.profile,
      leads.override_tier as "overrideTier", leads.accepted_by as "acceptedBy",
      members.crm_user_id as "ownerId", assessments.detail,
      assessments.ruleset_version as "rulesetVersion", standing.kind as decision,
      standing.to_tier as "toTier", standing.reason_code as "reasonCode", undone.actor as "undoneBy"
    from leads
    join assessments on assessments.id = leads.assessment_id
    left join members on members.slack_user_id = leads.accepted_by
    left join lateral (
      select decisions.kind, decisions.to_tier, decisions.reason_code from decisions
      where decisions.lead_id = leads.id and decisions.kind <> 'undone'
        and not exists (select 1 from decisions as undo where undo.undoes = decisions.id)
      order by decisions.decided_at desc, decisions.id desc limit 1
    ) as standing on true
    left join lateral (
      select decisions.actor from decisions
      where decisions.lead_id = leads.id and decisions.kind = 'undone'
      order by decisions.decided_at desc, decisions.id desc limit 1
    ) as undone on true
    where leads.id = any(${[...leadIds]}::uuid[]) and leads.source <> ${TEST_LEAD_SOURCE}
  `.execute(db);
  return new Map(rows.map((row) => [row.id, gathered(row, options)]));
}

function gathered(row: Row, options: GatherOptions): GatheredLead {
  const { profile, detail } = row;
  return {
    unmatchedMember: row.ownerId === null ? row.acceptedBy : null,
    undoneBy: row.undoneBy,
    wanted: {
      leadId: row.id,
      shortId: row.shortId,
      crmId: row.crmId,
      score: {
        points: detail.points,
        tier: row.overrideTier ?? detail.tier,
        reasons: options.presentReasons(detail, options.reasonsLength),
        ruleset: `v${row.rulesetVersion}`,
        decision: decisionWords(row.decision, row.toTier),
        overrideReason: row.reasonCode,
      },
      identity: {
        firstName: profile.firstName,
        lastName: profile.lastName,
        company: profile.company,
        email: profile.email,
        phone: profile.phone,
        title: profile.title,
        leadSource: profile.leadSource,
      },
      // A write never claims a rep that it cannot name.
      ownerId: row.ownerId,
      status: wantedStatus(row, options.statuses),
      openStatus: options.statuses.open,
      mayCreate: row.state !== 'held',
    },
  };
}

const DECISION_WORDS: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  disqualified: 'Disqualified',
  snoozed: 'Snoozed',
  reassigned: 'Reassigned',
  handed_over: 'Handed over',
  released: 'Released',
};

function decisionWords(kind: string | null, toTier: string | null): string | null {
  if (kind === null) return null;
  if (kind === 'overridden') return `Overridden to ${toTier ?? '?'}`;
  return DECISION_WORDS[kind] ?? kind;
}

/** Only what a person decided changes the status: a rule's hard stop does not close a lead in the CRM. */
function wantedStatus(row: Row, statuses: StatusMapping): string | null {
  if (row.decision === 'disqualified') return statuses.disqualified;
  return row.acceptedBy === null ? null : statuses.accepted;
}

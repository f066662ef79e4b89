import type { Kysely } from 'kysely';
import { detectTopics } from '../../lead/detect-topics.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import { newestInForce } from '../../records/override-in-force.ts';
import type { Assessment, Reason } from '../../scoring/assessment.ts';
import { isVerdict } from '../../scoring/reason-lines.ts';
import { HOT, LEAD } from '../text/words.ts';
import type { LeadRow } from '../views.ts';

type Db = Kysely<Database>;

/** Leads with their present score and assignment; ids that have no score yet are left out. */
export function selectLeads(db: Db) {
  return db
    .selectFrom('leads')
    .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
    .leftJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .leftJoin('members as rep', (join) =>
      join.on((eb) =>
        eb(
          'rep.slack_user_id',
          '=',
          eb.fn.coalesce('leads.accepted_by', 'assignments.rep_user_id'),
        ),
      ),
    )
    .select((eb) => [
      'leads.id',
      'leads.short_id',
      'leads.profile',
      'leads.state',
      'leads.override_tier',
      'leads.accepted_at',
      'leads.snoozed_until',
      'leads.received_at',
      'leads.crm_id',
      'assessments.tier',
      'assessments.points',
      'assessments.detail',
      'rep.slack_user_id as rep_id',
      'rep.display_name as rep_name',
      'assignments.sla_due_at',
      'assignments.channel_id',
      eb
        .selectFrom('deliveries')
        .whereRef('deliveries.lead_id', '=', 'leads.id')
        .select((shown) => shown.fn.min('deliveries.confirmed_at').as('at'))
        .as('first_shown_at'),
      newestInForce(db, ['overridden'])
        .where('decisions.lead_id', '=', eb.ref('leads.id'))
        .leftJoin('members', 'members.slack_user_id', 'decisions.actor')
        // Slack named nobody yet who is recorded under their id; an older one's name would be wrong.
        .select((own) =>
          own.fn<string | null>('nullif', ['members.display_name', 'decisions.actor']).as('name'),
        )
        .as('overridden_by'),
    ]);
}

export type SelectedLead = Awaited<
  ReturnType<ReturnType<typeof selectLeads>['executeTakeFirstOrThrow']>
>;

/** Why the lead has the tier that it has: what set it when points did not, else what moved the points most. */
function lineOf({ detail, override_tier: tier, overridden_by: by }: SelectedLead): LeadRow['why'] {
  if (tier !== null && tier !== detail.tier) {
    return { points: 0, text: HOT.overriddenTo(by ?? LEAD.someoneFirst, tier) };
  }
  const setsTier = tierReasons(detail)[0];
  return setsTier === undefined
    ? strongestReason(detail.reasons)
    : { points: 0, text: setsTier.text };
}

function linesOf(row: SelectedLead): Pick<LeadRow, 'why'> & { other: LeadRow['why'] } {
  const why = lineOf(row);
  const isAgainst = why !== null && why.points < 0;
  const opposite = row.detail.reasons.filter(({ points }) => (isAgainst ? points > 0 : points < 0));
  return { why, other: strongestReason(opposite) };
}

/** Floors, ceilings and hard stops that decided; the one that disqualified it first. */
export function tierReasons({
  reasons,
  disqualified,
}: Pick<Assessment, 'reasons' | 'disqualified'>): Reason[] {
  return reasons
    .filter((reason) => reason.kind === 'tier' && reason.text !== '')
    .toSorted(
      (a, b) => Number(isVerdict({ disqualified }, b)) - Number(isVerdict({ disqualified }, a)),
    );
}

/** The line that explains most of the score, for or against. */
function strongestReason(reasons: readonly Reason[]): LeadRow['why'] {
  let strongest: Reason | null = null;
  for (const reason of reasons) {
    if (reason.kind !== 'rule' || reason.text === '') continue;
    if (strongest === null || Math.abs(reason.points) > Math.abs(strongest.points)) {
      strongest = reason;
    }
  }
  return strongest && { points: strongest.points, text: strongest.text };
}

export function leadRow(
  row: SelectedLead,
  crmUrl: (crmId: string | null) => string | null,
): LeadRow {
  const { profile, detail } = row;
  const name = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
  return {
    leadId: row.id,
    shortId: row.short_id,
    personName: name === '' ? null : name,
    title: profile.title,
    company: profile.company,
    asked: profile.message,
    askedEarlier: hasEarlierTopics(profile),
    tier: row.tier,
    effectiveTier: row.override_tier ?? row.tier,
    points: row.points,
    fitPoints: detail.fitPoints,
    intentPoints: detail.intentPoints,
    range: detail.range,
    possibleTiers: detail.possibleTiers,
    slaDueAt: row.sla_due_at,
    receivedAt: row.received_at,
    rep: row.rep_id,
    repName: nameOfMember(row.rep_id, row.rep_name),
    state: row.state,
    accepted: acceptedOf(row),
    snoozedUntil: row.snoozed_until,
    ...linesOf(row),
    missingCount: detail.missing.length,
    crmUrl: crmUrl(row.crm_id),
  };
}

/** A member whom Slack could not name yet is recorded under their id, which tells people nothing. */
export function nameOfMember(id: string | null, displayName: string | null): string | null {
  return displayName === id ? null : displayName;
}

function acceptedOf(row: SelectedLead): LeadRow['accepted'] {
  const { accepted_at: at, first_shown_at: shownAt } = row;
  if (at === null) return null;
  return { at, afterMs: shownAt === null ? null : Math.max(0, at.getTime() - shownAt.getTime()) };
}

/** Topics count for 30 days, the newest message alone is kept: it may not be the one that named them. */
function hasEarlierTopics({ message, topics }: SelectedLead['profile']): boolean {
  const named = detectTopics(message ?? '');
  return message !== null && (topics ?? []).some((topic) => !named.includes(topic));
}

import { RECEIVER } from '../delivery/text/decision-words.ts';
import { assign, presentAssignment } from '../records/assignments.ts';
import { LEAD_GIVEN, LEAD_TAKEN_BACK, oweLeadNotice } from '../records/lead-notices.ts';
import type { LeadRecord } from '../records/leads.ts';
import { hasRole } from '../records/members.ts';
import { readPreferences } from '../records/preferences.ts';
import { isAway } from '../routing/availability.ts';
import { lean } from './decide.ts';
import type { Decided, DecisionPlan } from './decision-plan.ts';
import type { Tx } from './decision-records.ts';
import type { DecidedLead, DecisionResult, HandOverOptions, ShownHolder } from './ledger.ts';

/** Open again, and nobody's until somebody accepts it. */
const freed = () => ({
  state: 'open' as const,
  accepted_by: null,
  accepted_at: null,
  snoozed_until: null,
});

/** "Not mine": back to the team, or to another rep. */
export function notMinePlan(toMember: string | null): DecisionPlan {
  return {
    kind: 'reassigned',
    row: { to_member: toMember },
    undoable: true,
    change: freed,
    async afterwards(tx, decided) {
      await tellLoser(tx, decided, toMember);
      await moveAssignment(tx, decided, toMember, BECAUSE.notMine);
    },
  };
}

/** To a colleague, by the one who has it or by anybody while nobody has. */
export function handOverPlan(
  actor: string,
  toMember: string,
  { note = null, shownRep }: HandOverOptions,
): DecisionPlan {
  return {
    kind: 'handed_over',
    row: { to_member: toMember },
    undoable: true,
    note,
    change: freed,
    async refusal(tx, lead, _named, now) {
      if (toMember === actor) return refused(RECEIVER.yourself);
      const { rep, isRouted } = await presentRep(tx, lead);
      if (!isRouted) return refused(RECEIVER.notRouted(lead.short_id));
      if (shownRep !== undefined && shownRep !== rep) {
        return refused(RECEIVER.movedMeanwhile(lead.short_id));
      }
      return receiverRefusal(tx, lead, rep, toMember, now);
    },
    async afterwards(tx, decided) {
      await tellLoser(tx, decided, toMember);
      await moveAssignment(tx, decided, toMember, BECAUSE.handedOver);
      await tellReceiver(tx, decided, toMember);
    },
  };
}

/** A manager's word: whoever has it, as long as it is who the manager saw. */
export function assignPlan(toMember: string | null, shown?: ShownHolder): DecisionPlan {
  return {
    kind: 'reassigned',
    row: { to_member: toMember },
    undoable: true,
    overrules: true,
    change: freed,
    async refusal(tx, lead, named, now) {
      const { rep, isRouted } = await presentRep(tx, lead);
      if (!isRouted) return refused(RECEIVER.notRouted(lead.short_id));
      const moved = shown === undefined ? null : movedSince(lead, named, rep, shown);
      if (moved !== null) return moved;
      return toMember === null ? null : receiverRefusal(tx, lead, rep, toMember, now);
    },
    async afterwards(tx, decided) {
      const because = toMember === null ? BECAUSE.takenBack : BECAUSE.assigned;
      await tellLoser(tx, decided, toMember);
      await moveAssignment(tx, decided, toMember, because);
      if (toMember !== null) await tellReceiver(tx, decided, toMember);
    },
  };
}

/**
 * Who snoozes a lead that they have gets it back when it wakes, whoever it was routed to before. Who snoozes one
 * that a colleague is to call leaves it theirs, and the colleague hears of it.
 */
export async function keepForLater(tx: Tx, decided: Decided): Promise<void> {
  const { lead, context } = decided;
  await tellLoser(tx, decided);
  const present = await presentAssignment(tx, lead.assignment_id);
  const isTheirs = lead.accepted_by === context.actor;
  if (!isTheirs || present?.rep_user_id === context.actor) return;
  await moveAssignment(tx, decided, context.actor, BECAUSE.snoozed);
}

const BECAUSE = {
  notMine: { team: 'Handed back to the team', rep: 'Reassigned by a person' },
  handedOver: { team: 'Handed back to the team', rep: 'Handed over by a colleague' },
  takenBack: { team: 'Put back on the board by a manager', rep: '' },
  assigned: { team: '', rep: 'Assigned by a manager' },
  snoozed: { team: '', rep: 'Comes back to who snoozed it' },
} as const;

/** Who has it, or is to call it. */
async function presentRep(
  tx: Tx,
  lead: LeadRecord,
): Promise<{ rep: string | null; isRouted: boolean }> {
  const present = await presentAssignment(tx, lead.assignment_id);
  return { rep: lead.accepted_by ?? present?.rep_user_id ?? null, isRouted: present !== null };
}

/** Nobody gets a lead who could not accept it. */
async function receiverRefusal(
  tx: Tx,
  lead: LeadRecord,
  rep: string | null,
  toMember: string,
  now: Date,
): Promise<DecisionResult | null> {
  const member = await tx
    .selectFrom('members')
    .select(['standing', 'granted_by'])
    .where('slack_user_id', '=', toMember)
    .executeTakeFirst();
  if (!member) return refused(RECEIVER.unknown);
  const standing = member.standing ?? 'member';
  if (standing === 'bot') return refused(RECEIVER.bot);
  if (standing === 'deactivated') return refused(RECEIVER.deactivated);
  if (!hasRole(standing, member.granted_by)) return refused(RECEIVER.noRole);
  const { away } = await readPreferences(tx, toMember, now);
  if (isAway(away, now)) return refused(RECEIVER.away);
  return rep === toMember ? refused(RECEIVER.hasIt(lead.short_id)) : null;
}

function movedSince(
  lead: LeadRecord,
  named: DecidedLead,
  rep: string | null,
  shown: ShownHolder,
): DecisionResult | null {
  const { accepted_by: by, accepted_at: at } = lead;
  const stale = { kind: 'stale', lead: lean(named) } as const;
  if (by !== null && at !== null && !(shown.accepted && shown.rep === by)) {
    return { ...stale, because: 'accepted', by, at };
  }
  return shown.rep === rep ? null : { ...stale, because: 'moved', rep };
}

function refused(message: string): DecisionResult {
  return { kind: 'refused', message };
}

/** The same team and deadline, another rep or nobody yet. */
async function moveAssignment(
  tx: Tx,
  { lead, context, now }: Decided,
  toMember: string | null,
  because: { team: string; rep: string },
): Promise<void> {
  const present = await presentAssignment(tx, lead.assignment_id);
  if (!present) return;
  await assign(
    tx,
    {
      leadId: lead.id,
      team: present.team,
      channel: present.channel_id,
      rep: toMember,
      routingRule: present.routing_rule,
      because: toMember === null ? because.team : because.rep,
      slaDueAt: present.sla_due_at,
      by: context.actor,
    },
    now,
  );
}

async function tellReceiver(
  tx: Tx,
  { lead, context, decisionId, now }: Decided,
  toMember: string,
): Promise<void> {
  if (toMember === context.actor) return;
  const notice = { userId: toMember, noticeKind: LEAD_GIVEN, leadId: lead.id, decisionId } as const;
  await oweLeadNotice(tx, { ...notice, decidedAt: now }, { traceId: context.traceId, now });
}

/** Whoever had it, or was to call it, loses it to somebody else's decision: they hear of it. */
export async function tellLoser(
  tx: Tx,
  { lead, context, decisionId, now }: Decided,
  toMember: string | null = null,
): Promise<void> {
  const { rep: userId } = await presentRep(tx, lead);
  if (userId === null || userId === context.actor || userId === toMember) return;
  const notice = { userId, noticeKind: LEAD_TAKEN_BACK, leadId: lead.id, decisionId } as const;
  await oweLeadNotice(tx, { ...notice, decidedAt: now }, { traceId: context.traceId, now });
}

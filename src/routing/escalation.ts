import type { Tier } from '../scoring/assessment.ts';
import {
  DEFAULT_ESCALATION,
  ESCALATION_STEPS,
  type EscalationStep,
  minutesLeft,
} from '../scoring/escalation-left.ts';
import type { TeamSource } from '../scoring/rule-files.ts';
import { addBusinessMinutes, businessMinutesBetween, isOpenAt } from './business-hours.ts';
import { hoursOf } from './route-lead.ts';

/** A lead that waits for somebody, as the escalation sees it. */
export interface WaitingLead {
  tier: Tier;
  receivedAt: Date;
  slaDueAt: Date;
  /** Since when it is as it is: routed to this rep. What was due before is not made up for, but for the last step. */
  assignedAt: Date;
  /** When it last woke from a snooze; what was due while it slept is not made up for. */
  wokeAt: Date | null;
  /** Steps that were taken for this assignment. */
  taken: readonly EscalationStep[];
}

export interface PlannedStep {
  step: EscalationStep;
  at: Date;
}

type EscalatingTeam = Pick<TeamSource, 'escalation' | 'hours' | 'holidays'>;

/** The steps of one lead with their moments, counted in the team's business hours; those it does not get left out. */
export function planEscalation(team: EscalatingTeam, lead: WaitingLead): PlannedStep[] {
  if (!(team.escalation?.tiers ?? DEFAULT_ESCALATION.tiers).includes(lead.tier)) return [];
  const hours = hoursOf(team);
  const slaMinutes = businessMinutesBetween(lead.receivedAt, lead.slaDueAt, hours);
  const planned = ESCALATION_STEPS.flatMap((step): PlannedStep[] => {
    const source = team.escalation?.[step] ?? DEFAULT_ESCALATION[step];
    const left = minutesLeft(source, slaMinutes);
    if (left === null) return [];
    // Overdue is when the deadline has passed, also where it fell into a pause.
    const at =
      left === 0 ? lead.slaDueAt : addBusinessMinutes(lead.receivedAt, slaMinutes - left, hours);
    return [{ step, at }];
  });
  const last = planned.at(-1);
  return planned.filter(
    ({ step, at }) =>
      (lead.wokeAt === null || at > lead.wokeAt) && (at > lead.assignedAt || step === last?.step),
  );
}

export interface EscalationAnswer {
  /** To be taken now; null: none. */
  step: EscalationStep | null;
  /** When to look again if nothing changes; null: no step is left. */
  lookAt: Date | null;
}

/** How long a step waits for its person when nobody else is left to be told. */
const ASK_AGAIN_MS = 5 * 60_000;

/**
 * The step that is due: the furthest whose moment has come, so that what was missed is not made up for. Somebody who
 * cannot be told now is passed over, and the next in line is told instead. Nobody is told outside of hours.
 *
 * @param canTell whether whoever the step is for may be told at this moment
 */
export function dueEscalation(
  team: EscalatingTeam,
  lead: WaitingLead,
  canTell: (step: EscalationStep) => boolean,
  now: Date,
): EscalationAnswer {
  const furthest = Math.max(-1, ...lead.taken.map((step) => ESCALATION_STEPS.indexOf(step)));
  const open = planEscalation(team, lead).filter(
    ({ step }) => ESCALATION_STEPS.indexOf(step) > furthest,
  );
  const due = open.findLastIndex(({ at }) => at <= now);
  if (due < 0) return { step: null, lookAt: earliest(open.map(({ at }) => at)) };
  const hours = hoursOf(team);
  if (!isOpenAt(now, hours)) return { step: null, lookAt: addBusinessMinutes(now, 0, hours) };
  const index = open.findIndex(({ step }, place) => place >= due && canTell(step));
  const step = open[index]?.step;
  if (step === undefined) {
    return { step: null, lookAt: new Date(now.getTime() + ASK_AGAIN_MS) };
  }
  return { step, lookAt: earliest(open.slice(index + 1).map(({ at }) => at)) };
}

function earliest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>(
    (first, each) => (first === null || each < first ? each : first),
    null,
  );
}

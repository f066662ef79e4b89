import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { enqueueNotice } from '../platform/notices.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import {
  type EscalationCandidate,
  lastToldAt,
  oweEscalations,
  setLookAgain,
  type TakenStep,
  takeEscalationCandidates,
} from '../records/escalations.ts';
import { readAttention } from '../records/preferences.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { readSetting } from '../records/settings.ts';
import { dueEscalation } from '../routing/escalation.ts';
import type { EscalationStep } from '../scoring/escalation-left.ts';
import type { TeamSource } from '../scoring/rule-files.ts';

export interface EscalateOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'live'>;
  clock: Clock;
}

/** Few enough that calendars do not hold up the other steps of a sweep. */
const BATCH = 200;
/** Somebody hears of escalations at most this often; what comes meanwhile is one message. */
const PACE_MS = 5 * 60_000;

/** Tells rep, team and manager of leads that nobody takes, each once for an assignment. */
export async function escalate({ db, rulesets, clock }: EscalateOptions): Promise<void> {
  // What is due while posting is paused is decided anew afterwards.
  if ((await readSetting(db, 'paused')) === true) return;
  const { teams } = await rulesets.live();
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    const leads = await takeEscalationCandidates(tx, now, BATCH);
    if (leads.length === 0) return;
    const cause = { traceId: 'escalation', now };
    const people = await peopleOf(tx, leads, teams, now);
    const answers = leads.map((lead) => answerFor(lead, teams, people, now));
    const recipients = answers.flatMap(({ taken }) => taken?.recipient ?? []);
    const told = await lastToldAt(tx, recipients, new Date(now.getTime() - PACE_MS));
    const steps: TakenStep[] = [];
    const looks = answers.map(({ leadId, taken, lookAt }) => {
      const last = taken && told.get(taken.recipient);
      if (last) return { leadId, lookAt: new Date(last.getTime() + PACE_MS) };
      if (taken) steps.push(taken);
      return { leadId, lookAt };
    });
    await oweEscalations(tx, steps, cause);
    await setLookAgain(tx, looks);
    for (const team of people.unknownManagersOf) {
      const notice = { userId: 'admins', noticeKind: 'manager_unknown', subject: team };
      await enqueueNotice(tx, { ...notice, ids: { team }, ...cause });
    }
  });
}

interface People {
  /** By e-mail address in lower case. */
  idByEmail: ReadonlyMap<string, string>;
  /** Those who may be told now. */
  reachable: ReadonlySet<string>;
  /** Ids of teams whose manager Slack does not know, among those that wait for one. */
  unknownManagersOf: Set<string>;
}

async function peopleOf(
  db: Kysely<Database>,
  leads: readonly EscalationCandidate[],
  teams: readonly TeamSource[],
  now: Date,
): Promise<People> {
  const concerned = new Set(leads.map(({ team }) => team));
  const emails = teams
    .filter(({ id }) => concerned.has(id))
    .flatMap(({ manager }) => manager?.toLowerCase() ?? []);
  const reps = leads.flatMap(({ rep }) => rep ?? []);
  const rows = await db
    .selectFrom('members')
    .select(['slack_user_id as id', 'email', 'standing'])
    .where((eb) =>
      eb.or([
        eb(eb.fn('lower', ['email']), '=', eb.fn.any(eb.val(emails))),
        eb('slack_user_id', '=', eb.fn.any(eb.val(reps))),
      ]),
    )
    .execute();
  const present = rows.filter(({ standing }) => standing !== 'deactivated');
  const reachable = new Set<string>();
  for (const { id } of present) {
    const { mention, direct, quietUntil } = await readAttention(db, id, now);
    if (quietUntil === null && (mention || direct)) reachable.add(id);
  }
  return {
    idByEmail: new Map(present.map(({ id, email }) => [email?.toLowerCase() ?? '', id])),
    reachable,
    unknownManagersOf: new Set(),
  };
}

interface Answer {
  leadId: string;
  taken: TakenStep | null;
  lookAt: Date | null;
}

function answerFor(
  lead: EscalationCandidate,
  teams: readonly TeamSource[],
  people: People,
  now: Date,
): Answer {
  const { leadId, assignmentId, slaDueAt } = lead;
  const team = teams.find(({ id }) => id === lead.team);
  if (team === undefined || assignmentId === null || slaDueAt === null) {
    return { leadId, taken: null, lookAt: null };
  }
  const canTell = (step: EscalationStep) => {
    const recipient = recipientOf(step, lead, team, people);
    return recipient !== null && (step === 'team' || people.reachable.has(recipient));
  };
  const { step, lookAt } = dueEscalation(team, { ...lead, slaDueAt }, canTell, now);
  const recipient = step === null ? null : recipientOf(step, lead, team, people);
  if (step === null || recipient === null) return { leadId, taken: null, lookAt };
  return { leadId, taken: { assignmentId, step, recipient }, lookAt };
}

function recipientOf(
  step: EscalationStep,
  lead: EscalationCandidate,
  team: TeamSource,
  people: People,
): string | null {
  switch (step) {
    case 'rep':
      return lead.rep;
    case 'team':
      return lead.channel;
    case 'manager': {
      if (team.manager === undefined) return null;
      const id = people.idByEmail.get(team.manager.toLowerCase());
      if (id === undefined) people.unknownManagersOf.add(team.id);
      return id ?? null;
    }
  }
}

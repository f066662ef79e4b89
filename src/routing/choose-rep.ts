import type { TeamSource } from '../scoring/rule-files.ts';

/** What the reps have on their hands. E-mail addresses in lower case. */
export interface RepLoad {
  /** Leads that a rep holds and has not finished. */
  openByRep: ReadonlyMap<string, number>;
  lastAssignedAtByRep: ReadonlyMap<string, Date>;
  absentReps: ReadonlySet<string>;
}

export interface RepChoice {
  /** Null: nobody can take it, the team as a whole is asked. */
  repEmail: string | null;
  why:
    | 'owner'
    | 'former'
    | 'still-anyone'
    | 'least-open'
    | 'round-robin'
    | 'no-reps'
    | 'all-absent'
    | 'all-at-capacity';
}

/** Who of the team had the lead when it was last there. */
export interface FormerRep {
  /** Lower case; null: nobody, and nobody is to get it now. */
  repEmail: string | null;
  /** It never left the team and nothing but the rules changed: not even its owner in the CRM takes it. */
  isFirm: boolean;
}

/**
 * Who of the team takes the lead. The present CRM owner keeps it where the team says so, however busy, unless
 * absent; then whoever of the team had it before. Ties go to whoever waits longest, then to the order of routing.yml: the same input, the same rep.
 */
export function chooseRep(
  team: Pick<TeamSource, 'reps' | 'assignment' | 'capacity'>,
  load: RepLoad,
  ownerEmail: string | null,
  former: FormerRep | null = null,
): RepChoice {
  const reps = team.reps.map((rep) => ({ ...rep, email: rep.email.toLowerCase() }));
  if (reps.length === 0) return { repEmail: null, why: 'no-reps' };
  const present = reps.filter((rep) => !load.absentReps.has(rep.email));
  if (present.length === 0) return { repEmail: null, why: 'all-absent' };
  const kept = keptBy(former, present);
  if (kept !== null && former?.isFirm) return kept;
  const owner = ownerEmail?.toLowerCase();
  if (team.assignment === 'crm_owner' && present.some((rep) => rep.email === owner)) {
    return { repEmail: owner ?? null, why: 'owner' };
  }
  if (kept !== null) return kept;
  const openOf = (email: string) => load.openByRep.get(email) ?? 0;
  const free = present.filter(
    (rep) => openOf(rep.email) < (rep.capacity ?? team.capacity ?? Number.POSITIVE_INFINITY),
  );
  // The sort is stable: equals stay in the order of the file.
  const byWait = free.toSorted((a, b) => lastAssigned(load, a.email) - lastAssigned(load, b.email));
  const isLeastOpen = team.assignment === 'least_open';
  const order = isLeastOpen ? byWait.toSorted((a, b) => openOf(a.email) - openOf(b.email)) : byWait;
  const [first] = order;
  if (first === undefined) return { repEmail: null, why: 'all-at-capacity' };
  return { repEmail: first.email, why: isLeastOpen ? 'least-open' : 'round-robin' };
}

function keptBy(former: FormerRep | null, present: readonly { email: string }[]): RepChoice | null {
  if (former === null) return null;
  const { repEmail } = former;
  if (repEmail === null) return { repEmail, why: 'still-anyone' };
  return present.some(({ email }) => email === repEmail) ? { repEmail, why: 'former' } : null;
}

function lastAssigned(load: RepLoad, email: string): number {
  return load.lastAssignedAtByRep.get(email)?.getTime() ?? 0;
}

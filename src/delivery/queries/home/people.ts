import type { Kysely } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import { hasRole } from '../../../records/members.ts';
import type { TeamSource } from '../../../scoring/rule-files.ts';
import type { PeopleSection } from '../../home/home-views.ts';

/** Who may do more than others, and whom of routing Slack or the CRM does not know. */
export async function readPeople(
  db: Kysely<Database>,
  teams: readonly TeamSource[],
  hasCrm: boolean,
): Promise<PeopleSection> {
  const rows = await db
    .selectFrom('members')
    .select([
      'slack_user_id',
      'display_name',
      'email',
      'role',
      'granted_by',
      'standing',
      'crm_user_id',
    ])
    .orderBy('display_name')
    .orderBy('slack_user_id')
    .execute();
  const here = rows.filter((row) => hasRole(row.standing ?? 'member', row.granted_by));
  const byEmail = new Map(here.map((row) => [row.email?.toLowerCase(), row]));
  const reps = emailsOf(teams.flatMap((team) => team.reps.map(({ email }) => email)));
  const all = emailsOf([...reps, ...teams.flatMap(({ manager }) => manager ?? [])]);
  return {
    roles: here
      .filter(({ role, granted_by: by }) => role !== 'rep' || by !== null)
      .map((row) => ({
        userId: row.slack_user_id,
        name: row.display_name,
        role: row.role,
        grantedBy: row.granted_by,
      }))
      .toSorted((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role)),
    notInSlack: all.filter((email) => !byEmail.has(email)),
    notInCrm: hasCrm
      ? reps
          .flatMap((email) => byEmail.get(email) ?? [])
          .filter((row) => row.crm_user_id === null)
          .map((row) => ({ userId: row.slack_user_id, name: row.display_name }))
      : null,
  };
}

const ORDER = ['admin', 'manager', 'rep'];

function emailsOf(emails: readonly string[]): string[] {
  return [...new Set(emails.map((email) => email.toLowerCase()))];
}

import type { Kysely } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { Crm } from './crm.ts';

export interface MatchedUsers {
  matched: number;
  /** Slack user ids of members without a CRM user of their e-mail address. */
  unmatched: string[];
}

/** Links members to CRM users by e-mail address; a link whose CRM user is gone is taken back. */
export async function matchCrmUsers(
  db: Kysely<Database>,
  crm: Crm,
  now: Date,
): Promise<MatchedUsers> {
  const members = await db
    .selectFrom('members')
    .select(['slack_user_id', 'email', 'crm_user_id'])
    .orderBy('slack_user_id')
    .execute();
  const emails = members.flatMap(({ email }) => (email === null ? [] : [email.toLowerCase()]));
  const userIds = await crm.findUsersByEmail(emails);
  const unmatched: string[] = [];
  for (const member of members) {
    const userId = userIds.get(member.email?.toLowerCase() ?? '') ?? null;
    if (userId === null) unmatched.push(member.slack_user_id);
    if (userId === member.crm_user_id) continue;
    await db
      .updateTable('members')
      .set({ crm_user_id: userId, updated_at: now })
      .where('slack_user_id', '=', member.slack_user_id)
      .execute();
  }
  return { matched: members.length - unmatched.length, unmatched };
}

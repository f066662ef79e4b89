import type { Kysely } from 'kysely';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { rerouteLeadsOf } from '../records/reroute-leads.ts';
import type { Crm } from './crm.ts';

export interface MatchedUsers {
  matched: number;
  /** Slack user ids of members without a CRM user of their e-mail address. */
  unmatched: string[];
}

/**
 * Links members to CRM users by e-mail address; a link whose CRM user is gone is taken back. Open leads whose owner
 * in the CRM is linked by this are routed again.
 */
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
  const matches = members.map((member) => ({
    slackUserId: member.slack_user_id,
    before: member.crm_user_id,
    userId: userIds.get(member.email?.toLowerCase() ?? '') ?? null,
  }));
  const changed = matches.filter(({ userId, before }) => userId !== before);
  // One commit: a link without its leads would leave them where they are until something else happens.
  await inTransaction(db, async (tx) => {
    for (const { slackUserId, userId } of changed) {
      await tx
        .updateTable('members')
        .set({ crm_user_id: userId, updated_at: now })
        .where('slack_user_id', '=', slackUserId)
        .execute();
    }
    const linked = changed.flatMap(({ userId }) => userId ?? []);
    await rerouteLeadsOf(tx, linked, now);
  });
  const unmatched = matches.filter(({ userId }) => userId === null);
  return {
    matched: matches.length - unmatched.length,
    unmatched: unmatched.map(({ slackUserId }) => slackUserId),
  };
}

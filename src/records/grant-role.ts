import type { Transaction } from 'kysely';
import type { GrantableRole, GrantResult } from '../delivery/ports.ts';
import type { Database } from '../platform/postgres/tables.ts';

export interface RoleGrant {
  /** Somebody who is recorded, and may have a role. */
  slackUserId: string;
  role: GrantableRole;
  /** Slack id of the admin who grants it. */
  by: string;
  now: Date;
}

/** The role and its line in the audit log, unless nobody could grant a role afterwards. */
export async function grantRole(
  tx: Transaction<Database>,
  { slackUserId, role, by, now }: RoleGrant,
): Promise<GrantResult> {
  // Locked, so that of two admins who take the role from each other one stays.
  const admins = await tx
    .selectFrom('members')
    .select(['slack_user_id', 'standing', 'granted_by'])
    .where('role', '=', 'admin')
    .orderBy('slack_user_id')
    .forUpdate()
    .execute();
  const isAdmin = admins.some((each) => each.slack_user_id === slackUserId);
  const others = admins.filter(
    ({ slack_user_id: id, standing, granted_by: grantedBy }) =>
      id !== slackUserId &&
      (standing === null || standing === 'member' || (standing === 'guest' && grantedBy !== null)),
  );
  if (isAdmin && role !== 'admin' && others.length === 0) return { kind: 'last_admin' };
  await tx
    .updateTable('members')
    .set({ role, granted_by: by, updated_at: now })
    .where('slack_user_id', '=', slackUserId)
    .execute();
  await tx
    .insertInto('audit_log')
    .values({
      at: now,
      actor: by,
      action: 'role.granted',
      subject: slackUserId,
      detail: JSON.stringify({ role }),
    })
    .execute();
  return { kind: 'granted' };
}

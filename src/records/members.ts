import type { Kysely, Selectable } from 'kysely';
import type { Member, Members, Role } from '../delivery/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database, MembersTable } from '../platform/postgres/tables.ts';

/** What Slack says of a person. */
export interface WorkspaceUser {
  slackUserId: string;
  displayName: string;
  email: string | null;
  timeZone: string | null;
}

/** Port: the workspace's people. Both answer null for somebody it does not know. */
export interface WorkspaceDirectory {
  byId(slackUserId: string): Promise<WorkspaceUser | null>;
  byEmail(email: string): Promise<WorkspaceUser | null>;
}

export interface MembersOptions {
  db: Kysely<Database>;
  clock: Clock;
  workspace: WorkspaceDirectory;
  /** Slack ids or e-mail addresses from the configuration: always admins. */
  admins: readonly string[];
}

export interface MemberDirectory extends Members {
  /** Records the people that routing and the configuration name, so that they can be assigned and told. */
  learn(emails: readonly string[]): Promise<{ unmatched: string[] }>;
  byEmail(email: string): Promise<Member | null>;
  setCrmUsers(byEmail: ReadonlyMap<string, string>): Promise<void>;
}

export function createMembers(options: MembersOptions): MemberDirectory {
  const { db, clock, workspace } = options;
  const admins = new Set(options.admins.map((admin) => admin.toLowerCase()));

  function isNamedAdmin(slackUserId: string, email: string | null): boolean {
    return admins.has(slackUserId.toLowerCase()) || admins.has(email ?? '');
  }

  function roleOf(row: Selectable<MembersTable>): Role {
    return isNamedAdmin(row.slack_user_id, row.email) ? 'admin' : row.role;
  }

  function asMember(row: Selectable<MembersTable>): Member {
    return {
      slackUserId: row.slack_user_id,
      displayName: row.display_name,
      role: roleOf(row),
      email: row.email,
      crmUserId: row.crm_user_id,
      timeZone: row.time_zone,
    };
  }

  async function record(user: WorkspaceUser): Promise<Member> {
    const email = user.email?.toLowerCase() ?? null;
    // Stored as well, since notices to the admins are addressed from the table.
    const named = isNamedAdmin(user.slackUserId, email);
    const columns = {
      email,
      display_name: user.displayName,
      time_zone: user.timeZone,
      updated_at: clock.now(),
      ...(named ? { role: 'admin' as const } : {}),
    };
    const row = await db
      .insertInto('members')
      .values({ slack_user_id: user.slackUserId, role: 'rep', crm_user_id: null, ...columns })
      .onConflict((conflict) => conflict.column('slack_user_id').doUpdateSet(columns))
      .returningAll()
      .executeTakeFirstOrThrow();
    return asMember(row);
  }

  async function readByEmail(email: string): Promise<Member | null> {
    const row = await db
      .selectFrom('members')
      .selectAll()
      .where('email', '=', email.toLowerCase())
      .executeTakeFirst();
    return row ? asMember(row) : null;
  }

  async function get(slackUserId: string): Promise<Member> {
    const row = await db
      .selectFrom('members')
      .selectAll()
      .where('slack_user_id', '=', slackUserId)
      .executeTakeFirst();
    if (row) return asMember(row);
    // Slack may be slow or down: a person can act at once, and is named when it answers.
    const user = await workspace.byId(slackUserId).catch(() => null);
    return record(user ?? { slackUserId, displayName: slackUserId, email: null, timeZone: null });
  }

  return {
    get,
    async grant(slackUserId, role, by) {
      // Somebody who never used the app yet has no row to change.
      await get(slackUserId);
      const now = clock.now();
      await inTransaction(db, async (tx) => {
        await tx
          .updateTable('members')
          .set({ role, updated_at: now })
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
      });
    },
    async learn(emails) {
      const unmatched: string[] = [];
      for (const id of options.admins.filter((admin) => !admin.includes('@'))) {
        const user = await workspace.byId(id);
        if (user) await record(user);
      }
      const named = options.admins.filter((admin) => admin.includes('@'));
      for (const email of new Set([...emails, ...named])) {
        const user = (await readByEmail(email)) ? null : await workspace.byEmail(email);
        if (user) await record(user);
        else if (!(await readByEmail(email))) unmatched.push(email);
      }
      return { unmatched };
    },
    byEmail: readByEmail,
    async setCrmUsers(byEmail) {
      for (const [email, crmUserId] of byEmail) {
        await db
          .updateTable('members')
          .set({ crm_user_id: crmUserId, updated_at: clock.now() })
          .where('email', '=', email.toLowerCase())
          .execute();
      }
    },
  };
}

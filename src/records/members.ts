import type { Kysely, Selectable } from 'kysely';
import type { Member, Members, Role, Standing } from '../delivery/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database, MembersTable } from '../platform/postgres/tables.ts';
import { grantRole } from './grant-role.ts';
import { rerouteUnassigned } from './reroute-leads.ts';

/** What Slack says of a person. */
export interface WorkspaceUser {
  slackUserId: string;
  displayName: string;
  email: string | null;
  timeZone: string | null;
  standing: Standing;
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

type MemberRow = Selectable<MembersTable>;

/** What Slack said of somebody is believed for this long; then it is asked again, behind the act. */
const FRESH_MS = 60 * 60_000;

/** Guests get a role from an admin only; apps, closed accounts and other workspaces' people never. */
export function hasRole(standing: Standing, grantedBy: string | null): boolean {
  return standing === 'member' || (standing === 'guest' && grantedBy !== null);
}

export function createMembers(options: MembersOptions): MemberDirectory {
  const { db, clock, workspace } = options;
  const admins = new Set(options.admins.map((admin) => admin.toLowerCase()));
  const asking = new Map<string, Promise<Member | null>>();

  function isNamedAdmin(slackUserId: string, email: string | null): boolean {
    return admins.has(slackUserId.toLowerCase()) || admins.has(email ?? '');
  }

  function roleOf(row: MemberRow): Role {
    if (isNamedAdmin(row.slack_user_id, row.email)) return 'admin';
    return hasRole(row.standing ?? 'member', row.granted_by) ? row.role : 'guest';
  }

  function asMember(row: MemberRow): Member {
    return {
      slackUserId: row.slack_user_id,
      displayName: row.display_name,
      role: roleOf(row),
      standing: row.standing ?? 'member',
      email: row.email,
      crmUserId: row.crm_user_id,
      timeZone: row.time_zone,
    };
  }

  async function record(user: WorkspaceUser): Promise<Member> {
    const here = user.standing === 'member' || user.standing === 'guest';
    // The address of somebody who is not here finds nobody, and may be another's by now.
    const email = here ? (user.email?.toLowerCase() ?? null) : null;
    // Stored as well, since notices to the admins are addressed from the table.
    const named = isNamedAdmin(user.slackUserId, email);
    const now = clock.now();
    const columns = {
      email,
      display_name: user.displayName,
      time_zone: user.timeZone,
      updated_at: now,
      standing: user.standing,
      standing_at: now,
      ...(named ? { role: 'admin' as const } : {}),
    };
    const row = await inTransaction(db, async (tx) => {
      if (email !== null) {
        await tx
          .updateTable('members')
          .set({ email: null, updated_at: now })
          .where('email', '=', email)
          .where('slack_user_id', '<>', user.slackUserId)
          .execute();
      }
      return tx
        .insertInto('members')
        .values({
          ...{ slack_user_id: user.slackUserId, role: 'rep', crm_user_id: null, granted_by: null },
          ...columns,
        })
        .onConflict((conflict) => conflict.column('slack_user_id').doUpdateSet(columns))
        .returningAll()
        .executeTakeFirstOrThrow();
    });
    return asMember(row);
  }

  async function rowOf(slackUserId: string): Promise<MemberRow | undefined> {
    return db
      .selectFrom('members')
      .selectAll()
      .where('slack_user_id', '=', slackUserId)
      .executeTakeFirst();
  }

  async function rowByEmail(email: string): Promise<MemberRow | undefined> {
    return db
      .selectFrom('members')
      .selectAll()
      .where('email', '=', email.toLowerCase())
      .executeTakeFirst();
  }

  /** Asks Slack who this is and keeps the answer; several who ask at once share one call. */
  function ask(slackUserId: string): Promise<Member | null> {
    const present = asking.get(slackUserId);
    if (present) return present;
    const answer = workspace
      .byId(slackUserId)
      .then((user) => (user === null ? null : record(user)))
      .finally(() => asking.delete(slackUserId));
    asking.set(slackUserId, answer);
    return answer;
  }

  function isFresh(row: MemberRow): boolean {
    const age = clock.now().getTime() - (row.standing_at?.getTime() ?? Number.NEGATIVE_INFINITY);
    return age < FRESH_MS;
  }

  async function get(slackUserId: string): Promise<Member> {
    const row = await rowOf(slackUserId);
    if (row === undefined) return newcomer(slackUserId);
    // From before standings were kept: asked first, unless Slack cannot say.
    if (row.standing === null) {
      return (await ask(slackUserId).catch(() => null)) ?? asMember(row);
    }
    // Nobody waits for Slack here: what it says counts from the next act on.
    if (!isFresh(row)) void ask(slackUserId).catch(() => undefined);
    return asMember(row);
  }

  /** Nobody gets a role unseen: while Slack cannot say who this is, the act fails and says so. */
  async function newcomer(slackUserId: string): Promise<Member> {
    const known = await ask(slackUserId).catch((error: unknown) => {
      // Whom the configuration names by id is known without Slack.
      if (isNamedAdmin(slackUserId, null)) {
        return record({ ...stranger(slackUserId), standing: 'member' });
      }
      throw error;
    });
    if (known) return known;
    const nobody = { ...stranger(slackUserId), role: 'guest', crmUserId: null } as const;
    return nobody;
  }

  /** Null: nobody of this address, or somebody who has no role here. */
  async function learnByEmail(email: string): Promise<Member | null> {
    const row = await rowByEmail(email);
    if (row && isFresh(row)) return asMember(row);
    if (row) await ask(row.slack_user_id);
    else {
      const user = await workspace.byEmail(email);
      if (user) await record(user);
    }
    const known = await rowByEmail(email);
    return known ? asMember(known) : null;
  }

  async function knownAddresses(): Promise<Set<string>> {
    const rows = await db.selectFrom('members').select('email').execute();
    return new Set(rows.flatMap(({ email }) => email?.toLowerCase() ?? []));
  }

  return {
    get,
    async grant(slackUserId, role, by) {
      const row = await rowOf(slackUserId);
      const named = isNamedAdmin(slackUserId, row?.email ?? null);
      if (named && role !== 'admin') return { kind: 'configured' };
      const asked = await ask(slackUserId).catch((error: unknown) => {
        // Known before: Slack need not answer to give a role to somebody who was here.
        if (row?.standing != null) return asMember(row);
        throw error;
      });
      if (asked === null) return { kind: 'unknown' };
      const { standing } = asked;
      if (standing !== 'member' && standing !== 'guest') return { kind: 'not_eligible', standing };
      return inTransaction(db, (tx) => grantRole(tx, { slackUserId, role, by, now: clock.now() }));
    },
    async learn(emails) {
      const unmatched: string[] = [];
      for (const id of options.admins.filter((admin) => !admin.includes('@'))) {
        const row = await rowOf(id);
        if (!(row && isFresh(row))) await ask(id);
      }
      const named = options.admins.filter((admin) => admin.includes('@'));
      const known = await knownAddresses();
      for (const email of new Set([...emails, ...named])) {
        const member = await learnByEmail(email);
        if (member === null || member.role === 'guest') unmatched.push(email);
      }
      const reps = new Set(emails.map((email) => email.toLowerCase()));
      const now = await knownAddresses();
      // Who came before them found a team without them.
      if ([...now].some((email) => reps.has(email) && !known.has(email))) {
        await rerouteUnassigned(db, clock.now());
      }
      return { unmatched };
    },
    async byEmail(email) {
      const row = await rowByEmail(email);
      return row ? asMember(row) : null;
    },
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

function stranger(slackUserId: string) {
  return {
    ...{ slackUserId, displayName: slackUserId, email: null, timeZone: null },
    standing: 'outsider' as const,
  };
}

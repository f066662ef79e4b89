import { type Kysely, sql } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { RepLoad } from '../routing/choose-rep.ts';

/** What each rep has on their hands, by lower-case e-mail address. */
export interface RepLoads {
  read(): Promise<RepLoad>;
  /** A lead was just given to this rep: the next choice knows, without asking the database again. */
  assigned(email: string): void;
}

/** In a burst the counts are not read again for each lead; assignments of this process are added at once. */
const FRESH_MS = 1_000;

export function createRepLoads(db: Kysely<Database>, clock: Clock): RepLoads {
  let open = new Map<string, number>();
  let lastAssigned = new Map<string, Date>();
  let absent = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const now = clock.now();
    const result = await sql<{
      email: string;
      open: number;
      last_assigned_at: Date | null;
      absent: boolean | null;
    }>`
      select lower(members.email) as email,
        preferences.away_from <= ${now} and preferences.away_until > ${now} as absent,
        (select count(*) from leads join assignments on assignments.id = leads.assignment_id
          where assignments.rep_user_id = members.slack_user_id
            and leads.state in ('open', 'accepted', 'contacted'))::int as open,
        (select assignments.assigned_at from assignments
          where assignments.rep_user_id = members.slack_user_id
          order by assignments.assigned_at desc limit 1) as last_assigned_at
      from members
      left join preferences on preferences.slack_user_id = members.slack_user_id
      where members.email is not null
    `.execute(db);
    open = new Map(result.rows.map((row) => [row.email, row.open]));
    lastAssigned = new Map(
      result.rows.flatMap((row) =>
        row.last_assigned_at === null ? [] : [[row.email, row.last_assigned_at] as const],
      ),
    );
    absent = new Set(result.rows.flatMap((row) => (row.absent === true ? row.email : [])));
    readAt = now.getTime();
  }

  return {
    async read() {
      if (clock.now().getTime() - readAt > FRESH_MS) {
        reading ??= refresh().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return { openByRep: open, lastAssignedAtByRep: lastAssigned, absentReps: absent };
    },
    assigned(email) {
      open.set(email, (open.get(email) ?? 0) + 1);
      // Strictly later than anybody's, also within one millisecond.
      const latest = Math.max(0, ...[...lastAssigned.values()].map((at) => at.getTime()));
      lastAssigned.set(email, new Date(Math.max(clock.now().getTime(), latest + 1)));
    },
  };
}

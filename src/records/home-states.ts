import { type Kysely, type Selectable, sql } from 'kysely';
import type { HomeStates } from '../delivery/home/home-port.ts';
import { HOME_FILTERS, type HomeState } from '../delivery/home/home-views.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, HomeStatesTable } from '../platform/postgres/tables.ts';

type Row = Selectable<HomeStatesTable>;

const FRESH: HomeState = { filter: 'all', page: 0, newSince: null, introduced: [] };

export function createHomeStates(db: Kysely<Database>, clock: Clock): HomeStates {
  function write(
    userId: string,
    columns: Partial<Pick<Row, 'filter' | 'page' | 'introduced' | 'opened_at' | 'opened_event'>>,
  ) {
    const updated_at = clock.now();
    return db
      .insertInto('home_states')
      .values({ slack_user_id: userId, updated_at, ...columns })
      .returningAll();
  }

  async function read(userId: string): Promise<HomeState> {
    const row = await db
      .selectFrom('home_states')
      .selectAll()
      .where('slack_user_id', '=', userId)
      .executeTakeFirst();
    return row === undefined ? FRESH : stateOf(row);
  }

  return {
    read,
    async opened(userId, eventId) {
      const now = clock.now();
      const opened = { opened_at: now, opened_event: eventId, updated_at: now };
      const row = await write(userId, opened)
        .onConflict((conflict) =>
          conflict
            .column('slack_user_id')
            .doUpdateSet((eb) => ({
              ...opened,
              page: 0,
              new_since: eb.ref('home_states.opened_at'),
            }))
            .where('home_states.opened_event', 'is distinct from', eventId),
        )
        .executeTakeFirst();
      return row === undefined ? read(userId) : stateOf(row);
    },
    async choose(userId, choice) {
      const columns = { page: 0, ...choice, updated_at: clock.now() };
      const row = await write(userId, columns)
        .onConflict((conflict) => conflict.column('slack_user_id').doUpdateSet(columns))
        .executeTakeFirstOrThrow();
      return stateOf(row);
    },
    async putAway(userId, role) {
      const row = await write(userId, { introduced: [role] })
        .onConflict((conflict) =>
          conflict.column('slack_user_id').doUpdateSet({
            introduced: sql`array_append(array_remove(home_states.introduced, ${role}), ${role})`,
            updated_at: clock.now(),
          }),
        )
        .executeTakeFirstOrThrow();
      return stateOf(row);
    },
  };
}

function stateOf(row: Row): HomeState {
  return {
    filter: HOME_FILTERS.find((filter) => filter === row.filter) ?? 'all',
    page: row.page,
    newSince: row.new_since,
    introduced: row.introduced,
  };
}

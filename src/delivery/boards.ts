import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { oweRepost } from '../records/board-reposts.ts';
import type { ChannelDirectory } from './channel-directory.ts';
import type { Boards } from './ports.ts';

export interface BoardsOptions {
  db: Kysely<Database>;
  clock: Clock;
  directory: Pick<ChannelDirectory, 'boardOf'>;
}

export function createBoards({ db, clock, directory }: BoardsOptions): Boards {
  return {
    async repost(channelId, traceId) {
      const board = await directory.boardOf(channelId);
      if (board === null) return { kind: 'no_board' };
      const cause = { traceId, now: clock.now() };
      const last = await inTransaction(db, (tx) => oweRepost(tx, board.channel, cause));
      return last === null ? { kind: 'owed' } : { kind: 'just_posted', at: last };
    },
  };
}

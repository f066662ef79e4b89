import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isLongRun, seed } from '../support/effort.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { hotPosts, summarised } from '../support/reliability/board-journal.ts';
import { createLeadLoad } from '../support/reliability/lead-load.ts';
import { createLoadWorld, type LoadWorld } from '../support/reliability/load-world.ts';
import { createRandom } from '../support/reliability/random.ts';
import { nothingLeft } from '../support/world.ts';

let world: LoadWorld;

describe.runIf(isLongRun)('a burst of hot leads', () => {
  beforeAll(async () => {
    world = await createLoadWorld({ teams: 1 });
  });
  afterAll(() => world.close());

  it('thirty tier A leads at once are five messages and one summary, within Slack limits', async () => {
    const { slack, sender, teams, database } = world;
    const load = createLeadLoad(createRandom(seed), teams);
    const leads = Array.from({ length: 30 }, () => load.batch(1, teams[0])).flat();
    await Promise.all(leads.map((lead) => sender.send(lead)));
    await nothingLeft(database, ['events', 'leads'], 20_000);
    // All but the board's next redraw: when the leads came in two commits it is due half a minute later.
    await posted(database);

    const own = leads.filter(({ person }) => hotPosts(slack.journal, person).length === 1);
    expect(own.length).toBe(5);
    expect(summarised(slack.journal, slack.channelId(teams[0]?.channel ?? ''))).toBe(25);
    // The board, five leads, the summary.
    expect(slack.journal.posts().length).toBe(7);
    expect(slack.journal.count({ method: 'chat.postMessage', ok: false })).toBe(0);
  }, 60_000);
});

/** Waits until every message is posted for the first time. */
async function posted({ db }: TestDatabase): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await sql<{ key: string }>`
        select key from outbox where lane = 'slack' and state <> 'done'
          and not (kind = 'slack.board' and state = 'due' and sent_revision > 0)
      `.execute(db);
      expect(rows).toEqual([]);
    },
    { timeout: 30_000, interval: 50 },
  );
}

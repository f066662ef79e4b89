import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RuleAdmin } from '../../src/delivery/ports.ts';
import { rankedOpenLeads } from '../../src/delivery/queries/board-query.ts';
import { createRuleAdmin } from '../../src/records/rule-admin.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const RULE = 'intent.demo';

describe('rules changed from Slack', () => {
  let world: World;
  let rules: RuleAdmin;
  const fixed = new Date();

  beforeAll(async () => {
    world = await createWorld();
    const { db } = world.database;
    rules = createRuleAdmin({
      db,
      rulesets: createRulesets(db),
      clock: { now: () => fixed },
    });
    const messages = [
      'A demo please, we need pricing.',
      'Just looking around.',
      'Support question.',
    ];
    for (const message of messages) await world.sendLead(sampleLead({ message }));
    await world.sendLead(sampleLead({ message: undefined, employees: undefined }));
    await world.scored();
  });
  afterAll(() => world.close());

  /** Who is called when, at one fixed moment. */
  async function ranking() {
    const channels = ['leads-growth', 'leads-enterprise'];
    const boards = await Promise.all(
      channels.map((channel) => rankedOpenLeads(world.database.db, channel, fixed)),
    );
    return boards.map((board) =>
      board.map(({ id, points, effectiveTier }) => ({ id, points, effectiveTier })),
    );
  }

  async function rescored(version: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const stale = await world.database.db
          .selectFrom('leads')
          .innerJoin('assessments', 'assessments.id', 'leads.assessment_id')
          .select('leads.id')
          .where('leads.state', '=', 'open')
          .where('assessments.ruleset_version', '<>', version)
          .execute();
        expect(stale).toEqual([]);
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  it('previews which open leads would change tier, and changes nothing', async () => {
    const before = await ranking();

    const preview = await rules.preview({ ruleId: RULE, points: 0, enabled: false });

    if (!preview.ok) throw new Error(preview.message);
    expect(preview.preview.openCount).toBe(4);
    expect(preview.preview.moved.length + preview.preview.repointed).toBeGreaterThan(0);
    expect(await ranking()).toEqual(before);
    expect((await rules.live()).version).toBe(1);
  });

  it('publishes a version, rescores the board, and a rollback gives the same ranking as before', async () => {
    const before = await ranking();

    const published = await rules.publish(
      { ruleId: RULE, points: 1 },
      'Too generous',
      'U-admin',
      1,
    );
    expect(published).toMatchObject({ kind: 'published', version: 2 });
    await rescored(2);
    expect(await ranking()).not.toEqual(before);

    const back = await rules.rollback(1, 'U-admin', 2);
    expect(back).toMatchObject({ kind: 'published', version: 3 });
    await rescored(3);
    expect(await ranking()).toEqual(before);
  });

  it('refuses to publish over a version that the admin did not see', async () => {
    const { version } = await rules.live();

    const late = await rules.publish({ ruleId: RULE, points: 2 }, 'Late', 'U-other', version - 1);

    expect(late.kind).toBe('conflict');
    expect((await rules.live()).version).toBe(version);
  });

  it('refuses a change that does not compile, in words', async () => {
    const { version } = await rules.live();

    const result = await rules.publish(
      { ruleId: 'no.such.rule', points: 2 },
      'Typo',
      'U-admin',
      version,
    );

    expect(result).toMatchObject({ kind: 'invalid' });
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBoard } from '../../src/delivery/cards/board.ts';
import type { RuleAdmin } from '../../src/delivery/ports.ts';
import { rankedOpenLeads, readBoard } from '../../src/delivery/queries/board-query.ts';
import { TEST_LEAD_SOURCE } from '../../src/lead/test-lead.ts';
import { createRuleAdmin } from '../../src/records/rule-admin.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { rescored } from '../support/rescored.ts';
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
    // A lead that is announced while its rules change stays where it was announced.
    await world.person('admin').runCommand('/firstcall', 'pause');
    const messages = [
      'A demo please, we need pricing.',
      'Just looking around.',
      'Support question.',
    ];
    for (const message of messages) await world.sendLead(sampleLead({ message }));
    await world.sendLead(sampleLead({ message: undefined, employees: undefined }));
    // As good as one of /firstcall test-lead: nothing below counts it.
    await world.sendLead(sampleLead({ id: 'trial' }));
    await world.scored();
    await sql`update leads set source = ${TEST_LEAD_SOURCE} where external_id = 'trial'`.execute(
      db,
    );
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

  it('previews which open leads would change tier, and changes nothing', async () => {
    const before = await ranking();

    const preview = await rules.preview({ ruleId: RULE, points: 0, enabled: false });

    if (!preview.ok) throw new Error(preview.message);
    expect(preview.preview.openCount).toBe(4);
    expect(preview.preview.moved.length + preview.preview.repointed).toBeGreaterThan(0);
    expect(await ranking()).toEqual(before);
    expect((await rules.live()).version).toBe(1);
  });

  it('names no lead that would stay in its tier by an override', async () => {
    const { db } = world.database;
    const change = { ruleId: RULE, points: -100 };
    const look = async () => {
      const result = await rules.preview(change);
      if (!result.ok) throw new Error(result.message);
      return result.preview;
    };
    const before = await look();
    expect(before.moved.length).toBeGreaterThan(0);

    await sql`update leads set override_tier = 'B' where state = 'open'`.execute(db);
    const after = await look();
    await sql`update leads set override_tier = null`.execute(db);

    expect(after.moved).toEqual([]);
    expect(after.repointed).toBe(before.moved.length + before.repointed);
  });

  it('publishes a version, rescores the board, and a rollback gives the same ranking as before', async () => {
    const { version } = await rules.live();
    const before = await ranking();

    const published = await rules.publish(
      { ruleId: RULE, points: 1 },
      'Too generous',
      'U-admin',
      version,
    );
    expect(published).toMatchObject({ kind: 'published', version: version + 1 });
    await rescored(world, version + 1);
    expect(await ranking()).not.toEqual(before);

    const preview = await rules.previewRollback(version);
    if (!preview.ok) throw new Error(preview.message);
    expect(preview.preview.moved.length + preview.preview.repointed).toBeGreaterThan(0);
    expect((await rules.live()).version).toBe(version + 1);

    const back = await rules.rollback(version, 'It was right before', 'U-admin', version + 1);
    expect(back).toMatchObject({ kind: 'published', version: version + 2 });
    expect(back).toMatchObject({ rescoring: preview.preview.openCount });
    expect((await rules.live()).note).toBe(
      `Rolled back to version ${version}: It was right before`,
    );
    await rescored(world, version + 2);
    expect(await ranking()).toEqual(before);
  });

  it('names on the board what its scores were worked out with, until they are scored again', async () => {
    const { version } = await rules.live();
    const { db } = world.database;
    const place = { channel: 'leads-growth', channelId: 'C0', team: 'growth', revision: 1 };
    const footer = async () => {
      const { view } = await readBoard(db, place, fixed, () => null);
      return JSON.stringify(buildBoard(view).blocks.at(-1));
    };
    expect(await footer()).toContain(`Ruleset ${version},`);

    const meanwhile = await db.transaction().execute(async (tx) => {
      // Nobody writes a score until this ends.
      await sql`lock table assessments in share mode`.execute(tx);
      await rules.publish({ ruleId: RULE, points: 3 }, 'Footer', 'U-admin', version);
      return footer();
    });

    expect(meanwhile).toContain(
      `Ruleset ${version + 1} is live, leads scored with ruleset ${version} are being scored again`,
    );
    await rescored(world, version + 1);
    expect(await footer()).toContain(`Ruleset ${version + 1},`);
  });

  it('refuses to publish over a version that the admin did not see', async () => {
    const { version } = await rules.live();

    const late = await rules.publish({ ruleId: RULE, points: 2 }, 'Late', 'U-other', version - 1);

    expect(late.kind).toBe('conflict');
    expect((await rules.live()).version).toBe(version);
  });

  it('counts the leads to rescore as the preview counts them, the others apart', async () => {
    const { version } = await rules.live();
    const { db } = world.database;
    const first = await db
      .selectFrom('leads')
      .select('id')
      .where('source', '<>', TEST_LEAD_SOURCE)
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.updateTable('leads').set({ state: 'snoozed' }).where('id', '=', first.id).execute();
    const change = { ruleId: RULE, points: 7 };
    const preview = await rules.preview(change);

    const published = await rules.publish(change, 'Counting', 'U-admin', version);

    if (!preview.ok) throw new Error(preview.message);
    expect(preview.preview.openCount).toBe(3);
    expect(published).toMatchObject({ kind: 'published', rescoring: 3, others: 1 });
    await db.updateTable('leads').set({ state: 'open' }).where('id', '=', first.id).execute();
  });

  it('publishes once when the same form is sent twice, at once or later', async () => {
    const { version } = await rules.live();
    const send = (author: string) =>
      rules.publish({ ruleId: RULE, points: 9 }, 'Double click', author, version);

    const results = await Promise.all([send('U-admin'), send('U-admin'), send('U-other')]);
    const later = await send(results[2]?.kind === 'published' ? 'U-other' : 'U-admin');

    const live = await rules.live();
    expect(live.version).toBe(version + 1);
    const kinds = results.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(
      results[2]?.kind === 'published'
        ? ['conflict', 'conflict', 'published']
        : ['conflict', 'published', 'published'],
    );
    expect(later).toMatchObject({ kind: 'published', version: live.version });
  });

  it('goes back only to what was there', async () => {
    const { version } = await rules.live();

    expect(await rules.previewRollback(999)).toMatchObject({ ok: false });
    expect((await rules.rollback(999, 'Nowhere', 'U-admin', version)).kind).toBe('invalid');
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

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LeadQueries } from '../../../src/delivery/ports.ts';
import { createLeadQueries } from '../../../src/delivery/queries/lead-queries.ts';
import { readReport } from '../../../src/delivery/queries/report-query.ts';
import { TEST_LEAD_SOURCE } from '../../../src/lead/test-lead.ts';
import { createRulesets } from '../../../src/records/rulesets.ts';
import { minutesFrom, NOW, sampleReason } from '../../support/fake-lead-views.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../../support/stored-leads.ts';

let database: TestDatabase;
let stored: StoredLeads;
let queries: LeadQueries;

beforeAll(async () => {
  database = await createTestDatabase();
  stored = storedLeads(database.db);
  await storeRuleset(database.db);
  await stored.member('U0ME', 'Mia Muster');
  await stored.member('U0OTHER', 'Otto Other');
  queries = createLeadQueries({
    db: database.db,
    rulesets: createRulesets(database.db),
    clock: { now: () => NOW },
    directory: {
      boardOf: async () => null,
      lookAgain: async () => undefined,
      // Two teams may share a channel.
      channelsOf: async () => ['leads-growth', 'leads-large', 'leads-growth'],
      resolve: async (channel) => channel,
      teamOf: async (channel) => channel,
    },
    crmUrl: () => null,
  });
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.db
    .updateTable('leads')
    .set({ state: 'closed', held_reason: null, held_detail: null })
    .execute();
});

async function nextId(): Promise<string | null> {
  return (await queries.next('U0ME'))?.leadId ?? null;
}

describe('next', () => {
  it('is the best over all my channels, not the first channel that has one', async () => {
    await stored.lead({ channel: 'leads-growth', points: 40, tier: 'C', rep: 'U0ME' });
    const best = await stored.lead({ channel: 'leads-large', points: 90, tier: 'A', rep: 'U0ME' });
    expect(await nextId()).toBe(best);
  });

  it('finds what is routed to me outside the channels of my team', async () => {
    const mine = await stored.lead({ channel: 'leads-elsewhere', rep: 'U0ME' });
    await stored.lead({ channel: 'leads-elsewhere', points: 99, tier: 'A' });
    expect(await nextId()).toBe(mine);
  });

  it('never takes from somebody else, and offers what is routed to nobody in its rank', async () => {
    await stored.lead({ points: 95, tier: 'A', rep: 'U0OTHER' });
    const mine = await stored.lead({ points: 60, rep: 'U0ME' });
    expect(await nextId()).toBe(mine);
    const anybodys = await stored.lead({ points: 70, rep: null });
    expect(await nextId()).toBe(anybodys);
  });

  it('never offers again what I gave back, unless it was undone or comes back to me', async () => {
    const given = await stored.lead({ points: 80, rep: null });
    const other = await stored.lead({ points: 60, rep: null });
    const decision = await stored.decide(given, 'U0ME', 'reassigned');
    expect(await nextId()).toBe(other);

    await stored.decide(given, 'U0ME', 'undone', { undoes: decision });
    expect(await nextId()).toBe(given);

    await stored.decide(given, 'U0ME', 'handed_over');
    expect(await nextId()).toBe(other);

    await stored.assign(given, { rep: 'U0ME' });
    expect(await nextId()).toBe(given);
  });

  it('is still offered to me when somebody else gave it back', async () => {
    const given = await stored.lead({ points: 80, rep: null });
    await stored.decide(given, 'U0OTHER', 'reassigned');
    expect(await nextId()).toBe(given);
  });

  it('offers what is routed to somebody who has left the workspace', async () => {
    await stored.member('U0GONE', 'Gone Sample', 'deactivated');
    const left = await stored.lead({ rep: 'U0GONE' });
    expect(await nextId()).toBe(left);
  });

  it('is nothing when nothing is mine to take', async () => {
    await stored.lead({ rep: 'U0OTHER' });
    expect(await nextId()).toBeNull();
  });
});

describe('queue', () => {
  it('is one list over all my channels in call order, each lead once', async () => {
    const c = await stored.lead({ channel: 'leads-growth', tier: 'C', rep: 'U0ME' });
    const a = await stored.lead({ channel: 'leads-large', tier: 'A', rep: 'U0ME' });
    const b = await stored.lead({ channel: 'leads-growth', tier: 'B', rep: 'U0ME' });
    const { mine, mineCount } = await queries.queue('U0ME');
    expect(mine.map((lead) => lead.leadId)).toEqual([a, b, c]);
    expect(mineCount).toBe(3);
  });

  it('knows how many there are beyond the twenty that it reads', async () => {
    for (let n = 0; n < 23; n += 1) await stored.lead({ rep: 'U0ME' });
    for (let n = 0; n < 22; n += 1) {
      const accepted = { acceptedBy: 'U0ME', acceptedAt: minutesFrom(NOW, -n) };
      await stored.lead({ state: 'accepted', ...accepted });
    }
    const queue = await queries.queue('U0ME');
    expect([queue.mine.length, queue.mineCount]).toEqual([20, 23]);
    expect([queue.accepted.length, queue.acceptedCount]).toEqual([20, 22]);
  });
});

describe('who has a lead', () => {
  it('is named on every row, with when it was accepted and how fast', async () => {
    await stored.lead({ rep: 'U0OTHER' });
    await stored.lead({
      ...{ state: 'accepted', rep: 'U0OTHER', acceptedBy: 'U0ME' },
      ...{ acceptedAt: minutesFrom(NOW, -1), shownAt: minutesFrom(NOW, -5) },
    });
    const [routed] = (await queries.queue('U0OTHER')).mine;
    expect(routed).toMatchObject({ rep: 'U0OTHER', repName: 'Otto Other', accepted: null });
    const [accepted] = (await queries.queue('U0ME')).accepted;
    expect(accepted).toMatchObject({
      ...{ rep: 'U0ME', repName: 'Mia Muster' },
      accepted: { at: minutesFrom(NOW, -1), afterMs: 4 * 60_000 },
    });
  });

  it('has no name when Slack has not told it yet', async () => {
    await stored.member('U0NEW', 'U0NEW');
    await stored.lead({ rep: 'U0NEW' });
    const [lead] = (await queries.queue('U0NEW')).mine;
    expect(lead).toMatchObject({ rep: 'U0NEW', repName: null });
  });
});

describe('find', () => {
  it('says when there are more than the five it gives', async () => {
    for (let n = 0; n < 5; n += 1) await stored.lead({ company: 'Sample Mill' });
    expect(await queries.find('sample mill')).toMatchObject({ more: false });
    await stored.lead({ company: 'Sample Mill' });
    const found = await queries.find('sample mill');
    expect(found.leads).toHaveLength(5);
    expect(found.more).toBe(true);
  });

  it('takes every word, in any order, from the id, name, title, company or e-mail', async () => {
    const leadId = await stored.lead({
      firstName: 'Kit',
      lastName: 'Probe',
      company: 'Mutual_Ltd',
      title: 'VP Sales',
    });
    const shortId = await stored.shortId(leadId);
    const ids = async (text: string) => (await queries.find(text)).leads.map((row) => row.leadId);
    for (const text of [
      ...['probe kit', 'kit probe, mutual', `(Mutual_Ltd) · “Kit”`, 'Kit Prob…'],
      ...['Kit Probe, VP Sales, Mutual_Ltd', `${shortId}, Kit Probe, Mutual_Ltd`],
    ]) {
      expect(await ids(text), text).toEqual([leadId]);
    }
    for (const text of ['kit nobody', 'mutual%ltd', '%', '…', 'k', '\\']) {
      expect(await ids(text), text).toEqual([]);
    }
  });
});

describe('held', () => {
  it('keeps what is broken apart from what a rule stopped, each named in full', async () => {
    const stopped = {
      state: 'held',
      heldReason: 'disqualified',
      heldDetail: 'competitor',
    } as const;
    const leadId = await stored.lead(stopped);
    const broken = await stored.lead({
      ...{ state: 'held', heldReason: 'cannot-be-scored', scored: false },
      ...{ firstName: null, lastName: null, company: 'Sample Mine' },
    });
    await database.db
      .insertInto('inbound_events')
      .values({
        ...{ kind: 'lead', source: 'website', dedupe_key: 'held-1', raw_body: '{}' },
        ...{ trace_id: 'test', received_at: NOW, state: 'held', held_reason: 'no-identity' },
        ...{ held_detail: 'nobody', result: null, lead_id: null, processed_at: null },
      })
      .execute();

    const held = await queries.held();

    expect(held.stopped.rows).toMatchObject([
      { leadId, label: expect.stringContaining('Dana Sample, Example Freight') },
    ]);
    expect(held.stopped.count).toBe(1);
    expect(held.broken.rows.map((row) => row.leadId).sort()).toEqual([broken, null].sort());
    expect(held.broken.rows.find((row) => row.leadId === broken)?.label).toContain('Sample Mine');
    expect(held.broken.count).toBe(2);
  });

  it('is found by its id or by words, score or not, while it is held', async () => {
    const held = { state: 'held', heldReason: 'cannot-be-scored', scored: false } as const;
    const leadId = await stored.lead({ ...held, company: 'Sample Harbor' });
    await stored.lead({ company: 'Sample Harbor' });
    const shortId = await stored.shortId(leadId);
    const ids = async (text: string) =>
      (await queries.findHeld(text)).rows.map((row) => row.leadId);

    expect(await ids(shortId.toLowerCase())).toEqual([leadId]);
    expect(await ids('harbor dana')).toEqual([leadId]);
    expect(await ids(`${shortId}, Dana Sample, Sample Harbor`)).toEqual([leadId]);
    const later = await stored.lead({ ...held, company: 'Sample Harbor' });
    expect((await ids('harbor')).sort()).toEqual([leadId, later].sort());
    for (let n = 0; n < 4; n += 1) await stored.lead({ ...held, company: 'Sample Harbor' });
    const many = await queries.findHeld('harbor');
    expect([many.rows.length, many.more]).toEqual([5, true]);

    await database.db
      .updateTable('leads')
      .set({ state: 'open', held_reason: null, held_detail: null })
      .execute();
    expect(await ids(shortId)).toEqual([]);
    expect(await ids('harbor')).toEqual([]);
    expect(await ids('')).toEqual([]);
  });

  it('is held since it was held, whatever happens to it afterwards', async () => {
    const leadId = await stored.lead({ company: 'Sample Quarry' });
    const set = (values: { state?: 'held'; held_reason?: string; updated_at: Date }) =>
      database.db.updateTable('leads').set(values).where('id', '=', leadId).execute();
    const heldAt = minutesFrom(NOW, 10);
    await set({ state: 'held', held_reason: 'disqualified', updated_at: heldAt });
    await set({ updated_at: minutesFrom(NOW, 30) });
    const row = (await queries.held()).stopped.rows.find((each) => each.leadId === leadId);
    expect(row?.since).toEqual(heldAt);
  });
});

describe('the quote on a row', () => {
  it.each([
    ['We would like a demo.', ['demo'], false],
    ['Any news?', ['demo'], true],
    ['Any news?', [], false],
  ] as const)('%j after topics %j: named earlier %j', async (message, topics, askedEarlier) => {
    const leadId = await stored.lead();
    const profile = { firstName: 'Dana', lastName: 'Sample', company: null, title: null };
    await database.db
      .updateTable('leads')
      .set({ profile: JSON.stringify({ ...profile, message, topics }) })
      .where('id', '=', leadId)
      .execute();
    expect((await queries.why(leadId))?.lead).toMatchObject({ asked: message, askedEarlier });
  });
});

describe('report', () => {
  it('counts what was undone as undone, and nothing else', async () => {
    const read = async () => (await readReport(database.db, NOW, minutesFrom(NOW, 60))).decisions;
    const before = await read();
    const leadId = await stored.lead();
    const accepted = await stored.decide(leadId, 'U0ME', 'accepted');
    await stored.decide(leadId, 'U0ME', 'undone', { undoes: accepted });
    await stored.decide(leadId, 'U0ME', 'accepted');
    const after = await read();
    expect(after.accepted - before.accepted).toBe(1);
    expect(after.undone - before.undone).toBe(1);
  });
});

describe('one rule', () => {
  it('counts the open leads on which it fires, and the decisions where it did', async () => {
    const fired = [sampleReason({ ruleId: 'fit.sample', kind: 'rule' })];
    const unknown = [sampleReason({ ruleId: 'fit.sample', kind: 'unknown', points: 0 })];
    const lead = await stored.lead({ reasons: fired });
    await stored.lead({ reasons: [sampleReason({ ruleId: 'fit.sample', kind: 'tier' })] });
    await stored.lead({ reasons: unknown });
    await stored.lead({ reasons: fired, source: TEST_LEAD_SOURCE });
    await stored.lead({ reasons: fired, state: 'accepted', acceptedBy: 'U0ME' });
    await decideOnScore(lead, 'overridden', ['fit.sample']);
    expect(await queries.ruleActivity('fit.sample')).toMatchObject({
      ...{ openCount: 3, firesOn: 2, holds: 0, days: 90 },
      overridden: { hits: 1, n: 1, rate: null },
      blamed: { hits: 1, n: 1, rate: null },
    });
    expect(await queries.ruleActivity('fit."] other')).toMatchObject({ firesOn: 0 });
  });
});

/** A decision on the present score, just before now. */
async function decideOnScore(leadId: string, kind: 'overridden', blamed: string[]): Promise<void> {
  const { db } = database;
  const id = await stored.decide(leadId, 'U0ME', 'snoozed');
  const { assessment_id } = await db
    .selectFrom('leads')
    .select('assessment_id')
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
  const { id: _id, ...row } = await db
    .selectFrom('decisions')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const decidedAt = new Date(NOW.getTime() - 1_000);
  const own = { kind, assessment_id, blamed_rules: blamed, decided_at: decidedAt };
  await db
    .insertInto('decisions')
    .values({ ...row, ...own, idempotency_key: `${row.idempotency_key}-2` })
    .execute();
}

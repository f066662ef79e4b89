import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionContext, DecisionResult, Ledger } from '../../src/decisions/ledger.ts';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

let world: World;
let ledger: Ledger;
let now = new Date();
let repOne: string;
let repTwo: string;
let leadId: string;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  repOne = world.slack.users.repOne.id;
  repTwo = world.slack.users.repTwo.id;
  ledger = createPostgresLedger({
    db: world.database.db,
    clock: { now: () => now },
    metrics: createMetrics(),
    writesBack: true,
    crmUrl: () => null,
    onScoreDue: () => undefined,
  });
});
afterAll(() => world.close());

beforeEach(async () => {
  now = new Date();
  await world.sendLead(sampleLead());
  await world.scored();
  const newest = await world.database.db
    .selectFrom('leads')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  leadId = newest.id;
});

function by(actor: string, over: Partial<DecisionContext> = {}): DecisionContext {
  count += 1;
  const idempotencyKey = `click-${count}`;
  return { leadId, actor, surface: 'board', idempotencyKey, traceId: 'test', ...over };
}

async function lead() {
  return world.database.db
    .selectFrom('leads')
    .selectAll()
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
}

function decisionIdOf(result: DecisionResult): string {
  if (result.kind !== 'recorded') throw new Error(`not recorded: ${result.kind}`);
  return result.decisionId;
}

const OVERRIDE = {
  toTier: 'A' as const,
  reasonCode: 'more_urgent',
  blamedRules: ['fit.free-mail'],
  worked: 'reached' as const,
  note: 'Spoke on the phone',
};

describe('accept', () => {
  it('gives the lead to the first click and tells the second who has it', async () => {
    const results = await Promise.all([
      ledger.accept(by(repOne)),
      ledger.accept(by(repTwo)),
      ledger.accept(by(repOne)),
    ]);

    expect(results.filter((result) => result.kind === 'recorded')).toHaveLength(1);
    const winner = (await lead()).accepted_by;
    const loser = results[winner === repOne ? 1 : 0];
    expect(loser).toMatchObject({ kind: 'taken', by: winner, lead: { phone: null, email: null } });
  });

  it('is not undone by the stale click of somebody else', async () => {
    await ledger.accept(by(repOne));

    const stale = [
      await ledger.reassign(by(repTwo), null),
      await ledger.snooze(by(repTwo), new Date(now.getTime() + 86_400_000)),
      await ledger.override(by(repTwo), { ...OVERRIDE, toTier: null, reasonCode: 'competitor' }),
    ];

    expect(stale.map((result) => result.kind)).toEqual(['taken', 'taken', 'taken']);
    expect(await lead()).toMatchObject({ state: 'accepted', accepted_by: repOne });
    expect((await ledger.override(by(repTwo), OVERRIDE)).kind).toBe('recorded');
  });

  it('has one effect when the same click arrives twice', async () => {
    const click = by(repOne);

    const [first, second] = [await ledger.accept(click), await ledger.accept(click)];

    expect(first.kind).toBe('recorded');
    expect(second).toMatchObject({ kind: 'repeated', decisionId: decisionIdOf(first) });
  });

  it('owes the board, and the CRM, in the same commit', async () => {
    await ledger.accept(by(repOne));

    const owed = await world.database.db
      .selectFrom('outbox')
      .select(['priority', 'state'])
      .where('key', '=', `crm:${leadId}`)
      .executeTakeFirst();
    expect(owed).toBeDefined();
  });
});

describe('undo', () => {
  it('is a new row and gives the lead back', async () => {
    const accepted = await ledger.accept(by(repOne));

    const undone = await ledger.undo({ ...by(repOne), decisionId: decisionIdOf(accepted) });

    expect(undone.kind).toBe('recorded');
    expect(await lead()).toMatchObject({ state: 'open', accepted_by: null });
    const rows = await world.database.db
      .selectFrom('decisions')
      .select(['kind', 'undoes'])
      .where('lead_id', '=', leadId)
      .orderBy('id')
      .execute();
    expect(rows.map((row) => row.kind)).toEqual(['accepted', 'undone']);
    expect(rows[1]?.undoes).toBe(decisionIdOf(accepted));
  });

  it('is refused after five minutes, for another person, and twice', async () => {
    const decisionId = decisionIdOf(await ledger.accept(by(repOne)));

    expect(await ledger.undo({ ...by(repTwo), decisionId })).toMatchObject({
      kind: 'not_possible',
    });
    now = new Date(now.getTime() + 5 * 60_000 + 1);
    expect(await ledger.undo({ ...by(repOne), decisionId })).toMatchObject({
      kind: 'not_possible',
    });
    now = new Date(now.getTime() - 60_000);
    expect(await ledger.undo({ ...by(repOne), decisionId })).toMatchObject({ kind: 'recorded' });
    expect(await ledger.undo({ ...by(repOne), decisionId })).toMatchObject({
      kind: 'not_possible',
    });
  });

  it('of a second override restores the first', async () => {
    await ledger.override(by(repOne), OVERRIDE);
    now = new Date(now.getTime() + 1000);
    const second = await ledger.override(by(repOne), { ...OVERRIDE, toTier: 'D' });
    expect((await lead()).override_tier).toBe('D');

    await ledger.undo({ ...by(repOne), decisionId: decisionIdOf(second) });

    expect((await lead()).override_tier).toBe('A');
  });
});

describe('override', () => {
  it('takes effect at once, keeps what was wrong, and the note apart', async () => {
    const result = await ledger.override(by(repOne), OVERRIDE);

    expect(result).toMatchObject({ kind: 'recorded', lead: { effectiveTier: 'A' } });
    const row = await world.database.db
      .selectFrom('decisions')
      .selectAll()
      .where('id', '=', decisionIdOf(result))
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      to_tier: 'A',
      reason_code: 'more_urgent',
      blamed_rules: ['fit.free-mail'],
      worked: 'reached',
    });
    expect(JSON.stringify(row)).not.toContain('phone');
    const note = await world.database.db
      .selectFrom('decision_notes')
      .select('note')
      .where('decision_id', '=', row.id)
      .executeTakeFirst();
    expect(note?.note).toBe('Spoke on the phone');
  });

  it('to nothing disqualifies: the lead leaves the board', async () => {
    const result = await ledger.override(by(repOne), {
      ...OVERRIDE,
      toTier: null,
      reasonCode: 'competitor',
    });

    expect(result.kind).toBe('recorded');
    expect(await lead()).toMatchObject({
      state: 'closed',
      closed_reason: 'disqualified:competitor',
    });
  });
});

describe('not mine and snooze', () => {
  it('hands an accepted lead back to the team with its deadline', async () => {
    await ledger.accept(by(repOne));
    const before = (await lead()).assignment_id;

    await ledger.reassign(by(repOne), null);

    const after = await lead();
    expect(after).toMatchObject({ state: 'open', accepted_by: null });
    expect(after.assignment_id).not.toBe(before);
    const assignment = await world.database.db
      .selectFrom('assignments')
      .selectAll()
      .where('id', '=', after.assignment_id ?? '')
      .executeTakeFirstOrThrow();
    expect(assignment.rep_user_id).toBeNull();
  });

  it('snoozes until a time', async () => {
    const until = new Date(now.getTime() + 86_400_000);

    await ledger.snooze(by(repOne), until);

    expect(await lead()).toMatchObject({ state: 'snoozed', snoozed_until: until });
  });
});

describe('the ledger', () => {
  it.each([
    'update decisions set reason_code = null',
    'delete from decisions',
    'truncate decisions cascade',
  ])('refuses: %s', async (statement) => {
    await ledger.accept(by(repOne));
    const { sql } = await import('kysely');

    await expect(sql.raw(statement).execute(world.database.db)).rejects.toThrow('append-only');
  });
});

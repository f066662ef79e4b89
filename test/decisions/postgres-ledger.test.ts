import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  DecisionContext,
  DecisionResult,
  Ledger,
  OverrideInput,
} from '../../src/decisions/ledger.ts';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { EffectPayload } from '../../src/platform/outbox.ts';
import { LEAD_TAKEN_BACK } from '../../src/records/lead-notices.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

let world: World;
let ledger: Ledger;
let now = new Date();
let repOne: string;
let repTwo: string;
let leadId: string;
let shown: OverrideInput['shown'];
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  repOne = world.slack.users.repOne.id;
  repTwo = world.slack.users.repTwo.id;
  ledger = createPostgresLedger({
    db: world.database.db,
    rulesets: createRulesets(world.database.db),
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
  leadId = (await newestLead()).id;
  shown = await shownNow();
});

async function newestLead() {
  return world.database.db
    .selectFrom('leads')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

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
  blamedRules: ['intent.demo'],
  worked: 'reached' as const,
  note: 'Spoke on the phone',
};

/** What somebody who opened the form now would see. */
async function shownNow(): Promise<OverrideInput['shown']> {
  const { detail } = await world.database.db
    .selectFrom('assessments')
    .innerJoin('leads', 'leads.assessment_id', 'assessments.id')
    .select('assessments.detail')
    .where('leads.id', '=', leadId)
    .executeTakeFirstOrThrow();
  return { rulesetVersion: detail.rulesetVersion, scoredAt: detail.scoredAt };
}

function override(actor: string, over: Partial<OverrideInput> = {}): Promise<DecisionResult> {
  return ledger.override(by(actor), { ...OVERRIDE, shown, ...over });
}

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
      await override(repTwo, { toTier: null, reasonCode: 'competitor' }),
    ];

    expect(stale.map((result) => result.kind)).toEqual(['taken', 'taken', 'taken']);
    expect(await lead()).toMatchObject({ state: 'accepted', accepted_by: repOne });
    expect((await override(repTwo)).kind).toBe('recorded');
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

  it('of a move goes whatever is said of the tier since, and the other way round', async () => {
    const accepted = decisionIdOf(await ledger.accept(by(repOne)));
    now = new Date(now.getTime() + 1000);
    const overridden = decisionIdOf(await override(repTwo));
    await ledger.undo({ ...by(repOne), decisionId: accepted });
    expect(await lead()).toMatchObject({ state: 'open', accepted_by: null, override_tier: 'A' });

    now = new Date(now.getTime() + 1000);
    await ledger.accept(by(repOne));
    await ledger.undo({ ...by(repTwo), decisionId: overridden });
    expect(await lead()).toMatchObject({ accepted_by: repOne, override_tier: null });
  });

  it('names what was decided since, by whom', async () => {
    const first = decisionIdOf(await override(repOne));
    now = new Date(now.getTime() + 1000);
    const second = decisionIdOf(await override(repTwo, { toTier: 'D' }));
    const undone = await ledger.undo({ ...by(repOne), decisionId: first });
    const theirs = /^L-\w+ stays as it is: .+ overrode it since\. Ask/;
    expect(undone).toMatchObject({ kind: 'not_possible', message: expect.stringMatching(theirs) });
    now = new Date(now.getTime() + 1000);
    await override(repTwo, { toTier: null, reasonCode: 'competitor' });
    const own = await ledger.undo({ ...by(repTwo), decisionId: second });
    expect(own).toMatchObject({
      message: expect.stringContaining('you took it off the board since. Undo'),
    });
  });

  it('of a disqualification scores what came since: who opted out meanwhile is held', async () => {
    const sent = sampleLead();
    await world.sendLead(sent);
    await world.scored();
    leadId = (await newestLead()).id;
    shown = await shownNow();
    const out = await override(repOne, { toTier: null, reasonCode: 'competitor' });
    await world.sendLead({ ...sent, title: 'Intern', opted_out: true });
    await world.scored();

    await ledger.undo({ ...by(repOne), decisionId: decisionIdOf(out) });
    await world.scored();

    expect(await lead()).toMatchObject({ state: 'held', held_detail: 'opted_out' });
  });

  it('of a second override restores the first', async () => {
    await override(repOne);
    now = new Date(now.getTime() + 1000);
    const second = await override(repOne, { toTier: 'D' });
    expect((await lead()).override_tier).toBe('D');

    await ledger.undo({ ...by(repOne), decisionId: decisionIdOf(second) });

    expect((await lead()).override_tier).toBe('A');
  });
});

describe('override', () => {
  it('takes effect at once, keeps what was wrong, and the note apart', async () => {
    const result = await override(repOne);

    expect(result).toMatchObject({ kind: 'recorded', lead: { effectiveTier: 'A' } });
    const row = await world.database.db
      .selectFrom('decisions')
      .selectAll()
      .where('id', '=', decisionIdOf(result))
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      to_tier: 'A',
      reason_code: 'more_urgent',
      blamed_rules: ['intent.demo'],
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
    const result = await override(repOne, { toTier: null, reasonCode: 'competitor' });

    expect(result.kind).toBe('recorded');
    expect(await lead()).toMatchObject({
      state: 'closed',
      closed_reason: 'disqualified:competitor',
    });
  });

  it('to nothing tells whose it was to call, and so does its undo; another tier tells nobody', async () => {
    await ledger.assign(by(repOne), repTwo);
    await override(repOne);
    expect(await takenFrom(repTwo)).toEqual([]);

    const out = await override(repOne, { toTier: null, reasonCode: 'competitor' });
    expect(await takenFrom(repTwo)).toEqual([{ wanted_revision: 1 }]);

    await ledger.undo({ ...by(repOne), decisionId: decisionIdOf(out) });
    expect(await takenFrom(repTwo)).toEqual([{ wanted_revision: 2 }]);
  });

  async function takenFrom(userId: string) {
    const about = JSON.stringify({ leadId, userId, noticeKind: LEAD_TAKEN_BACK });
    return world.database.db
      .selectFrom('outbox')
      .select('wanted_revision')
      .where('payload', '@>', sql<EffectPayload>`${about}::jsonb`)
      .execute();
  }
});

describe('what a form brings back', () => {
  const decided = async () =>
    world.database.db
      .selectFrom('decisions')
      .select('kind')
      .where('lead_id', '=', leadId)
      .execute();

  it.each<[string, Partial<OverrideInput>]>([
    ['an unknown reason', { reasonCode: 'forged' }],
    ['a reason of the other kind', { reasonCode: 'competitor' }],
    ['an override reason for taking it off', { toTier: null, reasonCode: 'more_urgent' }],
    ['a line that did not fire', { blamedRules: ['fit.free-mail'] }],
    ['a line that does not exist', { blamedRules: ['intent.demo', 'x'.repeat(5_000)] }],
    ['a tier that is none', { toTier: 'S' as 'A' }],
  ])('is not believed: %s', async (_name, forged) => {
    expect(await override(repOne, forged)).toMatchObject({ kind: 'stale', because: 'not_offered' });
    expect(await decided()).toEqual([]);
    expect(await lead()).toMatchObject({ state: 'open', override_tier: null });
  });

  it('is refused when the lead is scored by other rules now', async () => {
    const before = { ...shown, rulesetVersion: shown.rulesetVersion + 1 };

    const result = await override(repOne, { shown: before });

    expect(result).toMatchObject({ kind: 'stale', because: 'rules_changed' });
    expect(JSON.stringify(result)).not.toContain('+49');
    expect(await decided()).toEqual([]);
  });

  it('does not replace an override that it did not show, nor judge another tier than it showed', async () => {
    const tier = (await lead()).override_tier ?? undefined;
    const open = { ...shown, tier, overrideId: null };
    const first = decisionIdOf(await override(repTwo, { toTier: 'D', shown: open }));

    const out = { toTier: null, reasonCode: 'competitor' };
    for (const input of [{ toTier: 'C' as const }, out]) {
      expect(await override(repOne, { ...input, shown: open })).toMatchObject({
        ...{ kind: 'stale', because: 'overridden', by: repTwo, at: now, toTier: 'D' },
        lead: { phone: null, email: null },
      });
    }
    const seen = { ...shown, overrideId: first };
    const stale = await override(repOne, { toTier: 'C', shown: { ...seen, tier: 'A' } });
    expect(stale).toMatchObject({ kind: 'stale', because: 'tier_changed' });
    expect(await decided()).toHaveLength(1);
    const again = await override(repOne, { toTier: 'C', shown: { ...seen, tier: 'D' } });
    expect(again.kind).toBe('recorded');
  });

  it('may blame a line that was shown, though the score changed since', async () => {
    const { db } = world.database;
    const { id: _id, ...before } = await db
      .selectFrom('assessments')
      .selectAll()
      .where('id', '=', (await lead()).assessment_id ?? '')
      .executeTakeFirstOrThrow();
    const later = await db
      .insertInto('assessments')
      .values({
        ...before,
        scored_at: new Date(before.scored_at.getTime() + 1),
        detail: JSON.stringify({ ...before.detail, reasons: [] }),
        features: JSON.stringify(before.features),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('leads')
      .set({ assessment_id: later.id })
      .where('id', '=', leadId)
      .execute();
    const afresh = { ...shown, scoredAt: new Date(before.scored_at.getTime() + 1).toISOString() };

    expect(await override(repOne, { shown: afresh })).toMatchObject({ because: 'not_offered' });
    expect(await override(repOne)).toMatchObject({ kind: 'recorded' });
  });

  it('that was recorded already is a repetition, whatever the rules say since', async () => {
    const click = by(repOne);
    await ledger.override(click, { ...OVERRIDE, shown });

    const again = await ledger.override(click, {
      ...OVERRIDE,
      shown: { ...shown, rulesetVersion: 99 },
    });

    expect(again.kind).toBe('repeated');
  });
});

describe('release', () => {
  async function hold(code: string, optedOut: boolean | null): Promise<void> {
    const { profile } = await lead();
    await world.database.db
      .updateTable('leads')
      .set({
        state: 'held',
        held_reason: 'disqualified',
        held_detail: code,
        profile: JSON.stringify({ ...profile, optedOut }),
      })
      .where('id', '=', leadId)
      .execute();
  }

  it.each<[string, string, boolean | null]>([
    ['the stop that held it', 'opted_out', null],
    ['the record, though another stop held it', 'student', true],
  ])('asks first when somebody opted out of contact: by %s', async (_name, code, optedOut) => {
    await hold(code, optedOut);

    const asked = await ledger.release(by(repOne));

    expect(asked).toMatchObject({ kind: 'needs_confirmation', lead: { phone: null, email: null } });
    expect((await lead()).state).toBe('held');
    expect((await ledger.release(by(repOne), { confirmed: true })).kind).toBe('recorded');
    expect((await lead()).state).toBe('open');
  });

  it('of any other lead asks nothing', async () => {
    await hold('student', false);

    expect((await ledger.release(by(repOne))).kind).toBe('recorded');
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

    await expect(sql.raw(statement).execute(world.database.db)).rejects.toThrow('append-only');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionContext, DecisionResult, Ledger } from '../../src/decisions/ledger.ts';
import { createPostgresLedger } from '../../src/decisions/postgres-ledger.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createRulesets } from '../../src/records/rulesets.ts';
import { wakeSnoozed } from '../../src/records/wake-snoozed.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type StoredLeads, storedLeads, storeRuleset } from '../support/stored-leads.ts';

const DUE = new Date('2026-03-10T15:00:00Z');
const MINUTE_MS = 60_000;

let database: TestDatabase;
let stored: StoredLeads;
let ledger: Ledger;
let now = new Date('2026-03-11T09:00:00Z');
let leadId: string;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await storeRuleset(db);
  stored = storedLeads(db);
  await stored.member('U0RAE', 'Rae Sample');
  await stored.member('U0KIM', 'Kim Example');
  await stored.member('U0MAX', 'Max Manager');
  await stored.member('U0LEE', 'Lee Sample');
  await stored.member('U0LEFT', 'Lee Gone', 'deactivated');
  await stored.member('U0APP', 'Some App', 'bot');
  await stored.member('U0AWAY', 'Ann Away');
  const notAsked = { quiet_from: null, quiet_to: null, digest_at: null, digest_due_at: null };
  const away = { away_from: now, away_until: new Date(now.getTime() + 86_400_000) };
  await db
    .insertInto('preferences')
    .values({ ...notAsked, ...away, slack_user_id: 'U0AWAY', alerts: 'channel', updated_at: now })
    .execute();
  await stored.member('U0GUEST', 'Gus Guest', 'guest');
  await stored.member('U0OTHER', 'Oda Other', 'outsider');
  ledger = createPostgresLedger({
    db,
    rulesets: createRulesets(db),
    clock: { now: () => now },
    metrics: createMetrics(),
    writesBack: false,
    crmUrl: () => null,
    onScoreDue: () => undefined,
  });
});
afterAll(() => database.drop());

beforeEach(async () => {
  leadId = await stored.lead({ rep: 'U0RAE', slaDueAt: DUE });
});

function by(actor: string, over: Partial<DecisionContext> = {}): DecisionContext {
  count += 1;
  now = new Date(now.getTime() + 1_000);
  return {
    leadId,
    actor,
    surface: 'board',
    idempotencyKey: `key-${count}`,
    traceId: 'test',
    ...over,
  };
}

function idOf(result: DecisionResult): string {
  if (result.kind !== 'recorded') throw new Error(`not recorded: ${JSON.stringify(result)}`);
  return result.decisionId;
}

/** Where the lead stands: state, who has it, whose board row it is and when it is due. */
async function standing() {
  const row = await database.db
    .selectFrom('leads')
    .innerJoin('assignments', 'assignments.id', 'leads.assignment_id')
    .select(['leads.state', 'leads.accepted_by', 'leads.snoozed_until'])
    .select(['assignments.rep_user_id as rep', 'assignments.sla_due_at as due'])
    .where('leads.id', '=', leadId)
    .executeTakeFirstOrThrow();
  return { ...row, due: row.due?.getTime() };
}

async function told(): Promise<string[]> {
  const rows = await database.db
    .selectFrom('outbox')
    .select(['payload', 'wanted_revision'])
    .where('kind', '=', 'slack.notice')
    .orderBy('id')
    .execute();
  return rows
    .filter(({ payload }) => payload.leadId === leadId)
    .map(
      ({ payload, wanted_revision: times }) =>
        `${payload.userId} ${payload.noticeKind}${times > 1 ? ` x${times}` : ''}`,
    );
}

const OPEN = { state: 'open', accepted_by: null, snoozed_until: null, due: DUE.getTime() };

describe('handing over', () => {
  it('an accepted lead makes it open for the receiver, due as before, and tells them alone', async () => {
    await ledger.accept(by('U0RAE'));

    const result = await ledger.handOver(by('U0RAE'), 'U0KIM', { note: 'Speaks Dutch' });

    expect(await standing()).toEqual({ ...OPEN, rep: 'U0KIM' });
    expect(await told()).toEqual(['U0KIM lead-given']);
    const decision = await database.db
      .selectFrom('decisions')
      .leftJoin('decision_notes', 'decision_notes.decision_id', 'decisions.id')
      .select(['kind', 'to_member', 'note', 'reason_code', 'to_tier'])
      .where('decisions.id', '=', idOf(result))
      .executeTakeFirst();
    expect(decision).toEqual({
      ...{ kind: 'handed_over', to_member: 'U0KIM', note: 'Speaks Dutch' },
      ...{ reason_code: null, to_tier: null },
    });
    expect((await ledger.accept(by('U0KIM'))).kind).toBe('recorded');
    // The message shows that they have it.
    expect(await told()).toEqual(['U0KIM lead-given x2']);
  });

  it('is for the one who has it; for anybody while nobody has', async () => {
    await ledger.handOver(by('U0MAX'), 'U0KIM');
    expect((await standing()).rep).toBe('U0KIM');
    expect(await told()).toEqual(['U0RAE lead-taken-back', 'U0KIM lead-given']);
    await ledger.accept(by('U0KIM'));

    const stale = await ledger.handOver(by('U0RAE'), 'U0MAX');

    expect(stale).toMatchObject({ kind: 'taken', by: 'U0KIM', lead: { phone: null } });
    expect(await standing()).toMatchObject({ state: 'accepted', accepted_by: 'U0KIM' });
  });

  it.each([
    ['somebody unknown', 'U0NOBODY', /nobody of this id/],
    ['an account that is switched off', 'U0LEFT', /switched off/],
    ['somebody who is away', 'U0AWAY', /They are away/],
    ['an app', 'U0APP', /An app cannot call/],
    ['a guest without a role', 'U0GUEST', /no role/],
    ['somebody of another workspace', 'U0OTHER', /no role/],
    ['themselves', 'U0MAX', /That is you/],
    ['whoever has it routed', 'U0RAE', /routed to them already/],
  ])('is refused to %s, in a sentence', async (_name, toMember, said) => {
    const result = await ledger.handOver(by('U0MAX'), toMember);

    expect(result).toEqual({ kind: 'refused', message: expect.stringMatching(said) });
    expect(await standing()).toEqual({ ...OPEN, rep: 'U0RAE' });
    expect(await told()).toEqual([]);
  });

  it('of two people with the same form open, the first wins and the second is told', async () => {
    const shownRep = 'U0RAE';
    const results = await Promise.all([
      ledger.handOver(by('U0RAE'), 'U0KIM', { shownRep }),
      ledger.handOver(by('U0MAX'), 'U0LEE', { shownRep }),
      ledger.handOver(by('U0MAX'), 'U0LEE', { shownRep: null }),
    ]);

    expect(results.filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'refused')).toHaveLength(2);
    expect((await told()).filter((each) => each.endsWith('given'))).toHaveLength(1);
  });

  it('undone, gives it back to whoever had accepted it, and draws the notice anew', async () => {
    await ledger.accept(by('U0RAE'));
    const given = idOf(await ledger.handOver(by('U0RAE'), 'U0KIM'));

    expect((await ledger.undo({ ...by('U0RAE'), decisionId: given })).kind).toBe('recorded');

    expect(await standing()).toMatchObject({
      ...{ state: 'accepted', accepted_by: 'U0RAE', rep: 'U0RAE', due: DUE.getTime() },
    });
    expect(await told()).toEqual(['U0KIM lead-given x2']);
  });

  it('cannot be undone once the receiver has accepted', async () => {
    const decisionId = idOf(await ledger.handOver(by('U0RAE'), 'U0KIM'));
    const accepted = idOf(await ledger.accept(by('U0KIM')));

    const undone = await ledger.undo({ ...by('U0RAE'), decisionId });

    expect(undone).toMatchObject({
      kind: 'not_possible',
      message: /Kim Example accepted it since/,
    });
    expect((await standing()).accepted_by).toBe('U0KIM');
    await ledger.undo({ ...by('U0KIM'), decisionId: accepted });
    expect(await standing()).toEqual({ ...OPEN, rep: 'U0KIM' });
  });
});

describe('assigning', () => {
  it('takes an accepted lead from its rep, tells both, and undoes to what was', async () => {
    await ledger.accept(by('U0RAE'));

    const decisionId = idOf(await ledger.assign(by('U0MAX'), 'U0KIM'));

    expect(await standing()).toEqual({ ...OPEN, rep: 'U0KIM' });
    expect(await told()).toEqual(['U0RAE lead-taken-back', 'U0KIM lead-given']);
    await ledger.undo({ ...by('U0MAX'), decisionId });
    expect(await standing()).toMatchObject({ state: 'accepted', accepted_by: 'U0RAE' });
    expect(await told()).toEqual(['U0RAE lead-taken-back x2', 'U0KIM lead-given x2']);
  });

  it('takes it back to the board, and tells only who had it', async () => {
    await ledger.accept(by('U0RAE'));

    await ledger.assign(by('U0MAX'), null);

    expect(await standing()).toEqual({ ...OPEN, rep: null });
    expect(await told()).toEqual(['U0RAE lead-taken-back']);
  });

  it('by two managers with the form open: the second is told of the first, and of an acceptance', async () => {
    const shown = { rep: 'U0RAE', accepted: false };
    await ledger.assign(by('U0MAX'), 'U0KIM', shown);
    const second = await ledger.assign(by('U0LEE'), null, shown);
    expect(second).toMatchObject({ kind: 'stale', because: 'moved', rep: 'U0KIM' });
    await ledger.accept(by('U0KIM'));
    const third = await ledger.assign(by('U0LEE'), null, { rep: 'U0KIM', accepted: false });
    expect(third).toMatchObject({
      ...{ kind: 'stale', because: 'accepted', by: 'U0KIM', at: expect.any(Date) },
      lead: { phone: null, email: null },
    });
    expect(await standing()).toMatchObject({ state: 'accepted', accepted_by: 'U0KIM' });

    await ledger.assign(by('U0LEE'), null, { rep: 'U0KIM', accepted: true });
    expect(await standing()).toEqual({ ...OPEN, rep: null });
  });

  it('to oneself tells who was to call it; of a closed lead is not possible', async () => {
    await ledger.assign(by('U0MAX'), 'U0MAX');
    expect(await told()).toEqual(['U0RAE lead-taken-back']);
    await database.db
      .updateTable('leads')
      .set({ state: 'closed', closed_reason: 'closed_in_crm' })
      .where('id', '=', leadId)
      .execute();
    expect(await ledger.assign(by('U0MAX'), 'U0KIM')).toMatchObject({ kind: 'not_possible' });
  });
});

describe('undo', () => {
  it('of an acceptance puts a snoozed lead back to sleep, and whose it was to call knows both', async () => {
    const until = new Date(now.getTime() + 60 * MINUTE_MS);
    await ledger.snooze(by('U0RAE'), until);
    const decisionId = idOf(await ledger.accept(by('U0KIM')));

    expect(await told()).toEqual(['U0RAE lead-taken-back']);

    await ledger.undo({ ...by('U0KIM'), decisionId });

    expect(await standing()).toMatchObject({ state: 'snoozed', snoozed_until: until });
    expect(await told()).toEqual(['U0RAE lead-taken-back x2']);
  });

  it('leaves a lead closed that the CRM closed since', async () => {
    const decisionId = idOf(await ledger.accept(by('U0RAE')));
    await database.db
      .updateTable('leads')
      .set({ state: 'closed', closed_reason: 'closed_in_crm' })
      .where('id', '=', leadId)
      .execute();

    const undone = await ledger.undo({ ...by('U0RAE'), decisionId });

    expect(undone).toMatchObject({ kind: 'not_possible', message: /is closed since/ });
    expect((await standing()).state).toBe('closed');
  });

  it('keeps what the CRM told of a first touch, and what a rule has stopped since', async () => {
    await ledger.accept(by('U0RAE'));
    await database.db
      .updateTable('leads')
      .set({ state: 'contacted', first_touch_at: now })
      .where('id', '=', leadId)
      .execute();
    const taken = idOf(await ledger.assign(by('U0MAX'), null));
    await ledger.undo({ ...by('U0MAX'), decisionId: taken });
    expect(await standing()).toMatchObject({ state: 'contacted', accepted_by: 'U0RAE' });

    leadId = await stored.lead({ rep: 'U0RAE' });
    const given = idOf(await ledger.handOver(by('U0RAE'), 'U0KIM'));
    await database.db
      .updateTable('leads')
      .set({ state: 'held', held_reason: 'disqualified', held_detail: 'student' })
      .where('id', '=', leadId)
      .execute();
    await ledger.undo({ ...by('U0RAE'), decisionId: given });
    expect(await standing()).toMatchObject({ state: 'held', rep: 'U0RAE' });
  });
});

describe('snoozing', () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;

  it.each([
    ['to the past', -1, /has passed/],
    ['to this moment', 0, /has passed/],
    ['for longer than 30 days', 30 * DAY_MS + 1, /more than 30 days away/],
    ['to a time that is none', Number.NaN, /has passed/],
  ])('is refused %s', async (_name, ms, said) => {
    const context = by('U0RAE');

    const result = await ledger.snooze(context, new Date(now.getTime() + ms));

    expect(result).toEqual({ kind: 'refused', message: expect.stringMatching(said) });
    expect((await standing()).state).toBe('open');
  });

  it('what somebody has keeps it theirs for later, and undone it is as it was routed', async () => {
    await ledger.accept(by('U0KIM'));
    const until = new Date(now.getTime() + DAY_MS);
    const decisionId = idOf(await ledger.snooze(by('U0KIM'), until));
    expect(await standing()).toMatchObject({ state: 'snoozed', rep: 'U0KIM', due: DUE.getTime() });
    await ledger.undo({ ...by('U0KIM'), decisionId });
    expect(await standing()).toMatchObject({
      ...{ state: 'accepted', accepted_by: 'U0KIM', rep: 'U0RAE' },
    });
    expect(await told()).toEqual([]);
  });

  it('what a colleague is to call tells them, when it wakes as well; undone, by the same message', async () => {
    const until = new Date(now.getTime() + DAY_MS);
    const first = idOf(await ledger.snooze(by('U0KIM'), until));
    expect(await standing()).toMatchObject({ state: 'snoozed', rep: 'U0RAE' });
    expect(await told()).toEqual(['U0RAE lead-taken-back']);
    await ledger.undo({ ...by('U0KIM'), decisionId: first });
    expect(await told()).toEqual(['U0RAE lead-taken-back x2']);

    await ledger.snooze(by('U0KIM'), until);
    now = until;
    await database.db.transaction().execute((tx) => wakeSnoozed(tx, { traceId: 'test', now }));

    expect(await standing()).toMatchObject({ state: 'open', rep: 'U0RAE' });
    expect((await told()).slice(1)).toEqual(['U0RAE lead-taken-back', 'U0RAE lead-awake']);
  });

  it('for 30 days is the longest', async () => {
    const context = by('U0RAE');
    const result = await ledger.snooze(context, new Date(now.getTime() + 30 * DAY_MS));
    expect(result.kind).toBe('recorded');
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interaction, Person } from '../../demo/slack/person.ts';
import type { SampleUserKey } from '../../demo/slack/workspace.ts';
import { effort } from '../support/effort.ts';
import { type PostedLead, postLeads } from '../support/reliability/posted-leads.ts';
import { lastToldByClick, toldByModal } from '../support/reliability/told.ts';
import { createWebPair, type WebPair } from '../support/reliability/web-pair.ts';
import { nothingLeft, sampleLead } from '../support/world.ts';

/* Two web processes on one Postgres, and people who click in both at the same moment. */

const RACES = effort(16, 1_000);
const FEW = effort(2, 40);
/** Races under way at once. */
const LANES = 4;
const WAIT = { timeout: 60_000, interval: 50 };

let pair: WebPair;
let leads: PostedLead[];
let owedBefore: Map<string, number>;

beforeAll(async () => {
  pair = await createWebPair();
  const wanted = RACES + 4 * FEW;
  for (let sent = 0; sent < wanted; sent += 250) {
    const count = Math.min(250, wanted - sent);
    await pair.sendLeads(Array.from({ length: count }, () => sampleLead(COOL)));
  }
  await nothingLeft(pair.database, ['events', 'leads'], 120_000);
  leads = await postLeads(pair.slack, pair.database);
  expect(leads).toHaveLength(wanted);
  owedBefore = await owedToCrm();
}, 240_000);
afterAll(() => pair.close());

/** Below tier A: nothing is announced one by one. */
const COOL = { title: 'Accountant', employees: 40, message: 'Please tell me more.' };

/** The next leads that nobody has clicked yet. */
function fresh(count: number): PostedLead[] {
  return leads.splice(0, count);
}

function accept(person: Person, { channel, ts, value }: PostedLead): Promise<Interaction> {
  return person.clickButton({ channel, ts, actionId: 'lead_accept', value });
}

function notMine(person: Person, { channel, ts, value, blockId }: PostedLead) {
  const where = { channel, ts, blockId, actionId: 'lead_more' };
  return person.selectOverflow({ ...where, value: `not_mine.${value}` });
}

/** What each click was told last, once every click was told something. */
async function lastTold(clicks: readonly Interaction[]): Promise<string[]> {
  return vi.waitFor(() => {
    const told = lastToldByClick(pair.slack);
    return clicks.map((click) => {
      expect(click.status, 'Slack waits three seconds for an answer').toBe(200);
      const text = told(click);
      if (text === undefined || /^Not recorded yet/.test(text)) throw new Error('not told yet');
      return text;
    });
  }, WAIT);
}

async function ledgerOf(raced: readonly PostedLead[]) {
  const rows = await pair.database.db
    .selectFrom('decisions')
    .select(['lead_id', 'kind', 'actor'])
    .execute();
  const wanted = new Set(raced.map(({ leadId }) => leadId));
  return rows.filter((row) => wanted.has(row.lead_id));
}

async function owedToCrm(): Promise<Map<string, number>> {
  const rows = await pair.database.db
    .selectFrom('outbox')
    .select(['key', 'wanted_revision'])
    .where('lane', '=', 'crm')
    .execute();
  return new Map(rows.map((row) => [row.key.replace('crm:', ''), row.wanted_revision]));
}

/** Runs `race` for each lead, some at a time. */
async function raceAll<T>(
  raced: readonly PostedLead[],
  race: (lead: PostedLead) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const rest = raced.entries();
  async function run(): Promise<void> {
    for (const [index, lead] of rest) results[index] = await race(lead);
  }
  await Promise.all(Array.from({ length: LANES }, run));
  return results;
}

const RECORDED = /^(It took longer than usual, and it is done: )?Recorded\./;

describe('two people click Accept on one lead at the same moment', () => {
  it(`${RACES} times: one has it, the other is told who, and the CRM is owed it once`, async () => {
    const people = (['repOne', 'repTwo'] as const satisfies SampleUserKey[]).map(
      (key, process) => ({
        id: pair.slack.users[key].id,
        person: pair.person(key, process === 0 ? 0 : 1),
      }),
    );
    const raced = fresh(RACES);
    const clicks = await raceAll(raced, (lead) =>
      Promise.all(people.map(({ person }) => accept(person, lead))),
    );
    const told = await lastTold(clicks.flat());
    const ledger = await ledgerOf(raced);

    const wins = new Map(people.map(({ id }) => [id, 0]));
    for (const [index, { leadId, shortId }] of raced.entries()) {
      const rows = ledger.filter((row) => row.lead_id === leadId);
      expect(
        rows.map((row) => row.kind),
        shortId,
      ).toEqual(['accepted']);
      const winner = rows[0]?.actor ?? '';
      wins.set(winner, (wins.get(winner) ?? 0) + 1);
      for (const [who, { id }] of people.entries()) {
        const words = told[2 * index + who] ?? '';
        expect(words, shortId).toContain(shortId);
        if (id === winner) expect(words).toMatch(RECORDED);
        else expect(words).toContain(`${shortId} is taken. <@${winner}> has it, since`);
      }
    }
    process.stdout.write(`accept races: won ${[...wins.values()].join(' and ')}\n`);
    const owed = await owedToCrm();
    expect(
      raced.map(({ leadId }) => (owed.get(leadId) ?? 0) - (owedBefore.get(leadId) ?? 0)),
    ).toEqual(raced.map(() => 1));
  }, 600_000);
});

describe('one person clicks twice', () => {
  it('in both processes at once: recorded once, and the other click says so', async () => {
    const raced = fresh(FEW);
    const two = [pair.person('repOne', 0), pair.person('repOne', 1)];
    const clicks = await raceAll(raced, (lead) =>
      Promise.all(two.map((person) => accept(person, lead))),
    );
    const told = await lastTold(clicks.flat());

    expect((await ledgerOf(raced)).map((row) => row.kind)).toEqual(raced.map(() => 'accepted'));
    for (const [index, { shortId }] of raced.entries()) {
      const pairTold = told.slice(2 * index, 2 * index + 2);
      expect(
        pairTold.filter((text) => RECORDED.test(text)),
        shortId,
      ).toHaveLength(1);
      // Two clicks in one millisecond are one click that was delivered twice.
      const other = new RegExp(`^(You have ${shortId} already\\.|Recorded before\\.)`);
      expect(
        pairTold.filter((text) => other.test(text)),
        shortId,
      ).toHaveLength(1);
    }
  }, 120_000);
});

describe('Accept meets another decision at the same moment', () => {
  it('Not mine: whoever is told "recorded" is in the ledger, and who accepted has the lead', async () => {
    const raced = fresh(FEW);
    const [one, two] = [pair.person('repOne', 0), pair.person('repTwo', 1)];
    const clicks = await raceAll(raced, (lead) =>
      Promise.all([accept(one, lead), notMine(two, lead)]),
    );
    const told = await lastTold(clicks.flat());

    const ledger = await ledgerOf(raced);
    for (const [index, { leadId, shortId }] of raced.entries()) {
      const kinds = ledger.filter((row) => row.lead_id === leadId).map((row) => row.kind);
      const [accepted, givenBack] = told.slice(2 * index, 2 * index + 2);
      expect(accepted, shortId).toMatch(RECORDED);
      expect(
        kinds.filter((kind) => kind === 'accepted'),
        shortId,
      ).toHaveLength(1);
      expect(kinds.includes('reassigned'), shortId).toBe(RECORDED.test(givenBack ?? ''));
      if (!kinds.includes('reassigned')) expect(givenBack).toContain(`<@${one.user.id}> has it`);
    }
    await expectAcceptedBy(raced, one.user.id);
  }, 120_000);

  it.each([
    { name: 'Override', target: 'D', reason: 'tier:no_real_interest', both: true },
    { name: 'taking it off the board', target: 'out', reason: 'out:vendor', both: false },
  ])(
    '$name: both are told the truth',
    async ({ target, reason, both }) => {
      const raced = fresh(FEW);
      const [one, two] = [pair.person('repOne', 0), pair.person('repTwo', 1)];
      for (const lead of raced) {
        const viewId = await openOverride(two, lead);
        const at = pair.slack.clock.now();
        const [click, submit] = await Promise.all([
          accept(one, lead),
          two.submitView(viewId, { target, reason }),
        ]);
        const [accepted = ''] = await lastTold([click]);
        const overridden = await vi.waitFor(() => {
          const text = toldByModal(pair.slack, submit, at).at(-1)?.text ?? '';
          if (!text.includes(lead.shortId)) throw new Error(`not told yet: ${text}`);
          return text;
        }, WAIT);

        const ledger = await ledgerOf([lead]);
        const has = (kind: RegExp) => ledger.some((row) => kind.test(row.kind));
        expect(has(/^accepted$/), accepted).toBe(RECORDED.test(accepted));
        expect(has(/^(overridden|disqualified)$/), overridden).toBe(/Recorded\./.test(overridden));
        expect(ledger, lead.shortId).toHaveLength(both ? 2 : 1);
      }
    },
    240_000,
  );
});

async function openOverride(person: Person, lead: PostedLead): Promise<string> {
  const { channel, ts, value } = lead;
  await person.clickButton({ channel, ts, value, actionId: 'lead_override' });
  return vi.waitFor(() => {
    const view = person.topView();
    const isFilled =
      view?.callback_id === 'lead_override_view' && JSON.stringify(view).includes(lead.leadId);
    if (!isFilled) throw new Error('the form is not open yet');
    return view.id;
  }, WAIT);
}

async function expectAcceptedBy(raced: readonly PostedLead[], userId: string): Promise<void> {
  const rows = await pair.database.db
    .selectFrom('leads')
    .select(['state', 'accepted_by'])
    .where(
      'id',
      'in',
      raced.map(({ leadId }) => leadId),
    )
    .execute();
  expect(rows).toEqual(raced.map(() => ({ state: 'accepted', accepted_by: userId })));
}

it('afterwards the CRM holds each decision, and nothing was written there twice', async () => {
  await nothingLeft(pair.database, ['events', 'leads', 'effects'], 120_000);
  expect(pair.salesforce.journal.idleWrites({ object: 'Lead' })).toEqual([]);
  expect([...pair.slack.journal.duplicatePosts().keys()]).toEqual([]);
  expect(pair.slack.journal.violations).toEqual([]);
}, 180_000);

import { expect } from 'vitest';
import type { Salesforce } from '../../../demo/salesforce/salesforce.ts';
import type { SlackWorkspace } from '../../../demo/slack/workspace.ts';
import { inTransaction } from '../../../src/platform/postgres/database.ts';
import { oweBoard } from '../../../src/records/effects.ts';
import type { TestDatabase } from '../postgres.ts';
import { boardCalls, hotPosts, shownBoard, summarised } from './board-journal.ts';
import type { LoadLead } from './lead-load.ts';
import type { Team } from './many-teams.ts';

export interface Accounts {
  slack: SlackWorkspace;
  salesforce: Salesforce;
  database: TestDatabase;
  teams: readonly Team[];
  /** What the sender was told has arrived. */
  acknowledged: readonly LoadLead[];
}

/** Draws every board now, as `/firstcall board` does: otherwise its pace decides, up to half a minute. */
export async function drawBoards({ database, teams }: Accounts): Promise<void> {
  await inTransaction(database.db, async (tx) => {
    for (const { channel } of teams) {
      await oweBoard(tx, channel, 'decision', { traceId: 'test', now: new Date() });
    }
  });
}

/**
 * Every acknowledged lead is on a board that Slack confirmed or held, none twice. Counted from what the
 * sender knows and what Slack accepted; our own tables only name the revision that delivered a lead.
 */
export async function expectNothingLost(accounts: Accounts): Promise<void> {
  expectNothingTwice(accounts);
  expectBoardsComplete(accounts);
  expectHotLeadsTold(accounts);
  expectCrmComplete(accounts);
  await expectDeliveriesConfirmed(accounts);
  await expectHeldNamed(accounts);
}

function expectNothingTwice({ slack, teams }: Accounts): void {
  expect([...slack.journal.duplicatePosts().keys()]).toEqual([]);
  expect(slack.journal.violations).toEqual([]);
  for (const { channel } of teams) {
    const posts = boardCalls(slack.journal, slack.channelId(channel)).filter(
      (call) => call.method === 'chat.postMessage',
    );
    expect(posts.length, `board posts in ${channel}`).toBeLessThanOrEqual(1);
  }
}

function isCalled(lead: LoadLead): boolean {
  return lead.kind !== 'stopped' && lead.kind !== 'unusable';
}

function expectBoardsComplete({ slack, teams, acknowledged }: Accounts): void {
  const wanted = teams.map(({ channel }) => {
    const people = acknowledged.filter((lead) => isCalled(lead) && lead.channel === channel);
    return [channel, new Set(people.map((lead) => lead.person)).size] as const;
  });
  const shown = teams.map(
    ({ channel }) => [channel, shownBoard(slack.journal, slack.channelId(channel)).ranked] as const,
  );
  expect(shown).toEqual(wanted);
}

/** Each tier A lead has a message of its own, or is counted by a summary of many. */
function expectHotLeadsTold({ slack, teams, acknowledged }: Accounts): void {
  const { journal } = slack;
  for (const { channel } of teams) {
    const hot = acknowledged.filter((lead) => lead.kind === 'hot' && lead.channel === channel);
    const own = hot.map(({ person }) => [person, hotPosts(journal, person).length] as const);
    expect(own.filter(([, posts]) => posts > 1)).toEqual([]);
    const told = own.filter(([, posts]) => posts === 1).length;
    const inSummary = summarised(journal, slack.channelId(channel));
    expect(told + inSummary, `tier A leads told of in ${channel}`).toBe(hot.length);
  }
}

/** One record in the CRM for each person to call, with a score, and nothing written there twice. */
function expectCrmComplete({ salesforce, acknowledged }: Accounts): void {
  const called = new Set(acknowledged.filter(isCalled).map((lead) => String(lead.body.email)));
  const records = salesforce.leads();
  expect(records.map((record) => String(record.Email)).sort()).toEqual([...called].sort());
  const unscored = records.filter((record) => typeof record.First_Call_Score__c !== 'number');
  expect(unscored.map((record) => record.Id)).toEqual([]);
  expect(salesforce.journal.idleWrites({ object: 'Lead' })).toEqual([]);
}

async function expectDeliveriesConfirmed({
  slack,
  database,
  teams,
  acknowledged,
}: Accounts): Promise<void> {
  const rows = await database.db
    .selectFrom('deliveries')
    .innerJoin('inbound_events', 'inbound_events.lead_id', 'deliveries.lead_id')
    .select(['inbound_events.dedupe_key', 'deliveries.channel_id', 'deliveries.revision'])
    .where('deliveries.surface', '=', 'board')
    .execute();
  const revisions = new Map(
    teams.map(({ channel }) => {
      const id = slack.channelId(channel);
      return [id, shownBoard(slack.journal, id).revisions] as const;
    }),
  );
  const delivered = new Set(
    rows
      .filter((row) => revisions.get(row.channel_id)?.has(row.revision))
      .map((row) => row.dedupe_key),
  );
  const lost = acknowledged.filter((lead) => isCalled(lead) && !delivered.has(lead.webhookId));
  expect(lost.map((lead) => lead.webhookId)).toEqual([]);
}

async function expectHeldNamed({ database, acknowledged }: Accounts): Promise<void> {
  const rows = await database.db
    .selectFrom('inbound_events')
    .leftJoin('leads', 'leads.id', 'inbound_events.lead_id')
    .select(['dedupe_key', 'inbound_events.held_reason as event', 'leads.held_reason as lead'])
    .execute();
  const reasons = new Map(rows.map((row) => [row.dedupe_key, row.event ?? row.lead]));
  for (const lead of acknowledged.filter((each) => !isCalled(each))) {
    const reason = lead.kind === 'stopped' ? 'disqualified' : 'no-identity';
    expect(reasons.get(lead.webhookId), `${lead.webhookId} (${lead.kind})`).toBe(reason);
  }
}

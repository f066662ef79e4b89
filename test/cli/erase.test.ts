import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runErase } from '../../src/cli/erase.ts';
import { printedBy } from '../support/cli.ts';
import { createWorld, sampleLead, type World } from '../support/world.ts';

const EMAIL = 'erasmina+o.k@samplewood-mail.example';
const PERSON = {
  id: EMAIL,
  first_name: 'Erasmina',
  last_name: 'Samplewood',
  email: EMAIL.toUpperCase(),
  phone: '+49 30 5550199',
  company: 'Woodworks Unlimited',
  message: 'Call me about the velvet demo.',
  lead_source: 'Friend of Erasmina',
};
/** All that the person is known by. */
const TRACES = /erasmina|samplewood@|samplewood"|5550199|woodworks|velvet/i;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function erase(who: string, ...options: string[]) {
  vi.stubEnv('DATABASE_URL', world.database.url);
  const result = await printedBy(() => runErase(who, { yes: options.includes('--yes') }));
  vi.unstubAllEnvs();
  return result;
}

async function leadId(email: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from leads where lower(profile ->> 'email') = lower(${email})`.execute(
    world.database.db,
  );
  return rows[0]?.id ?? '';
}

/** Somebody accepted and wrote a note: what the ledger keeps, and what it does not. */
async function decide(lead: string, note: string): Promise<void> {
  const { db } = world.database;
  const member = world.slack.users.repOne.id;
  await sql`insert into members (slack_user_id, display_name, role, updated_at)
    values (${member}, 'Sample Rep', 'rep', now()) on conflict do nothing`.execute(db);
  await sql`with decided as (
      insert into decisions (lead_id, kind, actor, surface, idempotency_key, decided_at, trace_id)
      values (${lead}, 'accepted', ${member}, 'board', ${`key-${lead}`}, now(), 'trace') returning id)
    insert into decision_notes select id, ${note}, now() from decided`.execute(db);
}

/** Every row of every table, the queue's as well. */
async function textOfDatabase(): Promise<string> {
  const { db } = world.database;
  const { rows } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
  `.execute(db);
  const texts = await Promise.all(
    rows.map(async ({ schema, name }) => {
      const table = await sql`select * from ${sql.table(`${schema}.${name}`)}`.execute(db);
      return table.rows.map((row) => `${name}: ${JSON.stringify(row)}`);
    }),
  );
  return texts.flat().join('\n');
}

describe('firstcall erase', () => {
  it('leaves no trace of a person in any table, nor in Slack, and keeps the ledger', async () => {
    // Before the lead, with it, after it, not understood, and in what somebody else wrote.
    await world.sendSignal({ data: { kind: 'pricing_viewed', email: EMAIL } });
    await world.sendLead({ ...sampleLead(), ...PERSON }, { id: EMAIL });
    await world.settled();
    await world.sendLead({ ...sampleLead(), ...PERSON, id: 'again', message: 'Velvet, still.' });
    await world.sendSignal({ data: { kind: 'demo_requested', email: EMAIL } });
    await world.sendLead({ type: 'invoice.paid', data: { name: 'Erasmina', email: EMAIL } });
    const other = sampleLead({
      message: `We would like a demo. Please copy ${EMAIL.toUpperCase()}.`,
    });
    await world.sendLead(other);
    await world.scored();
    const id = await leadId(EMAIL);
    await decide(id, 'Erasmina asks for velvet');
    await decide(await leadId(String(other.email)), `knows ${EMAIL}`);
    expect(await textOfDatabase()).toMatch(TRACES);
    expect(JSON.stringify(world.slack.journal.calls({ method: 'chat.postMessage' }))).toMatch(
      TRACES,
    );

    const { code, stdout, stderr } = await erase(EMAIL, '--yes');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Erased: L-\w+\n {2}1 lead, 5 webhook items, 1 note, 2 signals/);
    await world.settled(20_000);
    const left = await textOfDatabase();
    expect(left.split('\n').filter((row) => TRACES.test(row))).toEqual([]);
    expect(left).toContain('Please copy [erased].');
    await vi.waitFor(() => {
      // The board and the lead's own message.
      const updates = world.slack.journal.calls({ method: 'chat.update' });
      const last = new Map(updates.map(({ args }) => [String(args.ts), JSON.stringify(args)]));
      expect(last.size).toBe(2);
      for (const text of last.values()) expect(text).not.toMatch(TRACES);
    });
    const touches = await sql`select record_key from lead_touches where lead_id = ${id}`.execute(
      world.database.db,
    );
    expect(new Set(touches.rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set(['{"record_key":null}']),
    );
    const decisions = await sql`select kind from decisions where lead_id = ${id}`.execute(
      world.database.db,
    );
    expect(decisions.rows).toEqual([{ kind: 'accepted' }]);
    const audit = await sql`select actor, action from audit_log`.execute(world.database.db);
    expect(audit.rows).toEqual([{ actor: 'operator', action: 'person.erased' }]);
  });

  it('does not bring them back from what was on its way, and takes them anew when they ask again', async () => {
    const email = 'returning@sample.example';
    await world.sendLead(sampleLead({ id: 'first', email }));
    await world.scored();
    const { rows } = await sql<{ short: string }>`
      select short_id as short from leads where id = ${await leadId(email)}`.execute(
      world.database.db,
    );
    const short = rows[0]?.short ?? '';
    expect((await erase(short.toLowerCase(), '--yes')).code).toBe(0);
    expect(await leadId(email)).toBe('');
    await world.sendLead(sampleLead({ id: 'first', email }));
    await world.scored();
    expect(await leadId(email)).not.toBe('');
  });

  it('waits for what is being written to the CRM', async () => {
    const email = 'busy@sample.example';
    await world.sendLead(sampleLead({ email }));
    await world.scored();
    const key = `crm:${await leadId(email)}`;
    await sql`insert into outbox (key, lane, kind, payload, state, due_at, trace_id, created_at)
      values (${key}, 'crm', 'crm.lead', '{}', 'sending', now(), 'trace', now())`.execute(
      world.database.db,
    );
    const { code, stderr } = await erase(email, '--yes');
    expect(code).toBe(75);
    expect(stderr).toMatch(/^This lead is being written to the CRM just now: try again/);
    expect(await leadId(email)).not.toBe('');
    await sql`delete from outbox where key = ${key}`.execute(world.database.db);
  });

  it.each<[string[], number, string]>([
    [['nobody@sample.example', '--yes'], 1, 'Nothing is stored of this person.'],
    [['L-ZZZZ', '--yes'], 1, 'There is no lead L-ZZZZ: check the id.'],
    [['Erasmina Samplewood', '--yes'], 2, 'Say whom'],
    [['nobody@sample.example'], 2, 'add --yes'],
  ])('says no to %o', async (args, code, words) => {
    const [who = '', ...options] = args;
    const result = await erase(who, ...options);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(words);
    expect(result.stdout).toBe('');
  });
});

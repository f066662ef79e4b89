import { sql } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, sampleLead, type World } from '../support/world.ts';
import { readOne } from './source-files.ts';

/* What an operator copies from our pages at two in the morning works. */

describe('the SQL of our pages', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    await world.close();
  });

  it('erases a person and leaves the ledger', async () => {
    await world.sendLead(
      sampleLead({
        first_name: 'Erasmina',
        last_name: 'Samplewood',
        email: 'erasmina@sample.example',
      }),
    );
    await world.settled();
    const lead = await world.database.db
      .selectFrom('leads')
      .select('id')
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow();
    const before = await textOfDatabase(world);
    expect(before).toContain('"lastName":"Samplewood"');
    expect(slackText(world)).toContain('Samplewood');

    await run(world, (await blocksOf('docs/security.md'))[0], lead.id);
    await world.settled();

    const after = await textOfDatabase(world);
    expect(after).not.toMatch(/Erasmina|Samplewood/i);
    const shown = world.slack.journal
      .calls({ method: 'chat.update' })
      .map((call) => JSON.stringify(call.args));
    expect(shown.at(-1)).not.toContain('Samplewood');
    expect(await count(world, 'assessments')).toBe(1);
  });

  it('tries a held webhook item again, and dismisses it', async () => {
    await world.sendLead({ comments: 'nobody said who this is' });
    await world.settled();
    const held = await heldEvents(world);
    expect(held).toHaveLength(1);
    const statements = ((await blocksOf('docs/operations.md'))[0] ?? '').split(/(?<=;)\n/);

    await run(world, statements[0], held[0]?.id ?? '');
    await world.settled();
    expect(await heldEvents(world)).toHaveLength(1);

    await run(world, statements[1], held[0]?.id ?? '');
    await world.settled();
    expect(await heldEvents(world)).toEqual([]);
  });

  it('reads what it says it reads', async () => {
    const pages = await Promise.all(['docs/operations.md', 'docs/security.md'].map(readOne));
    const inline = pages.flatMap((page) =>
      [...page.matchAll(/`(select [^`]+)`/g)].map((match) => match[1] ?? ''),
    );
    const blocks = (await blocksOf('docs/operations.md')).filter((block) =>
      block.startsWith('select'),
    );
    expect(inline.length + blocks.length).toBeGreaterThan(3);
    for (const query of [...inline, ...blocks]) {
      await run(world, query, '01900000-0000-7000-8000-000000000000');
    }
  });
});

function slackText(world: World): string {
  return JSON.stringify(world.slack.journal.calls({ method: 'chat.postMessage' }));
}

async function blocksOf(path: string): Promise<string[]> {
  return [...(await readOne(path)).matchAll(/```sql\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
}

/** The page's placeholders, `:id` and `'...'`, are this row's id. */
async function run(world: World, statements: string | undefined, id: string): Promise<void> {
  const filled = (statements ?? '').replaceAll(':id', `'${id}'`).replaceAll("'...'", `'${id}'`);
  const pool = new Pool({ connectionString: world.database.url, max: 1 });
  await pool.query(filled);
  await pool.end();
}

async function heldEvents(world: World) {
  return world.database.db
    .selectFrom('inbound_events')
    .select(['id', 'held_reason'])
    .where('state', '=', 'held')
    .execute();
}

async function count(world: World, table: 'assessments'): Promise<number> {
  return (await world.database.db.selectFrom(table).select('id').execute()).length;
}

/** Every row of every table of ours, as text. */
async function textOfDatabase(world: World): Promise<string> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'
  `.execute(world.database.db);
  const rows = await Promise.all(
    tables.rows.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(world.database.db)),
  );
  return JSON.stringify(rows.map((result) => result.rows));
}

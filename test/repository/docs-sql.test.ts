import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
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

import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';

export async function readSetting(db: Kysely<Database>, key: string): Promise<unknown> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value;
}

export async function writeSetting(
  db: Kysely<Database>,
  key: string,
  value: unknown,
  by: string,
  now: Date,
): Promise<void> {
  const columns = { value: JSON.stringify(value), updated_by: by, updated_at: now };
  await db
    .insertInto('settings')
    .values({ key, ...columns })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(columns))
    .execute();
}

/** Adds entries to a setting that is an object; two processes may do so at once. */
export async function mergeSetting(
  db: Kysely<Database>,
  key: string,
  entries: Record<string, string>,
  by: string,
  now: Date,
): Promise<void> {
  const value = JSON.stringify(entries);
  await sql`
    insert into settings (key, value, updated_by, updated_at) values (${key}, ${value}::jsonb, ${by}, ${now})
    on conflict (key) do update set value = settings.value || excluded.value,
      updated_by = excluded.updated_by, updated_at = excluded.updated_at
  `.execute(db);
}

/** The key of the HMAC that stands for an e-mail address outside of personal tables; made once. */
export async function identityPepper(db: Kysely<Database>, now: Date): Promise<string> {
  await db
    .insertInto('settings')
    .values({
      key: 'identity_pepper',
      value: JSON.stringify(randomBytes(32).toString('base64')),
      updated_by: 'first start',
      updated_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return String(await readSetting(db, 'identity_pepper'));
}

import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
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

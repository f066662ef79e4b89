import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { AppError } from '../platform/errors.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { compileRuleset, type RuleFiles, type Ruleset } from '../scoring/compile-ruleset.ts';

export interface RulesetRow {
  version: number;
  hash: string;
  files: RuleFiles;
  status: 'draft' | 'shadow' | 'live' | 'archived';
  note: string;
  author: string;
  createdAt: Date;
  publishedAt: Date | null;
}

export interface Rulesets {
  /** The compiled live ruleset; inside a transaction, as that sees it. */
  live(tx?: Kysely<Database>): Promise<Ruleset>;
  compiled(version: number): Promise<Ruleset>;
  read(version: number): Promise<RulesetRow | null>;
  liveRow(): Promise<RulesetRow>;
  list(limit: number): Promise<RulesetRow[]>;
}

/** Same files, same hash, whatever the order they were read in. */
export function hashRuleFiles(files: RuleFiles): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) {
    const text = files[name] ?? '';
    hash.update(`${name}\n${Buffer.byteLength(text)}\n${text}`);
  }
  return hash.digest('hex');
}

/** Compiles once per version: versions never change. The live version number is read each time. */
export function createRulesets(db: Kysely<Database>): Rulesets {
  const cache = new Map<number, Ruleset>();

  async function compiled(version: number): Promise<Ruleset> {
    const known = cache.get(version);
    if (known) return known;
    const row = await read(version);
    if (!row) {
      throw new AppError('rules_invalid', `Ruleset version ${version} is not in the database.`, {
        retryable: false,
      });
    }
    const ruleset = compileStored(row);
    cache.set(version, ruleset);
    return ruleset;
  }

  async function read(version: number): Promise<RulesetRow | null> {
    const row = await selectRulesets(db).where('version', '=', version).executeTakeFirst();
    return row ? asRulesetRow(row) : null;
  }

  async function liveRow(): Promise<RulesetRow> {
    return asRulesetRow(
      await selectRulesets(db).where('status', '=', 'live').executeTakeFirstOrThrow(),
    );
  }

  return {
    compiled,
    read,
    liveRow,
    async live(tx = db) {
      const row = await tx
        .selectFrom('rulesets')
        .select('version')
        .where('status', '=', 'live')
        .executeTakeFirstOrThrow();
      return compiled(row.version);
    },
    async list(limit) {
      const rows = await selectRulesets(db).orderBy('version', 'desc').limit(limit).execute();
      return rows.map(asRulesetRow);
    },
  };
}

function selectRulesets(db: Kysely<Database>) {
  return db
    .selectFrom('rulesets')
    .select(['version', 'hash', 'files', 'status', 'note', 'author', 'created_at', 'published_at']);
}

type Selected = Awaited<ReturnType<ReturnType<typeof selectRulesets>['executeTakeFirstOrThrow']>>;

function asRulesetRow(row: Selected): RulesetRow {
  return {
    version: row.version,
    hash: row.hash,
    files: row.files,
    status: row.status,
    note: row.note,
    author: row.author,
    createdAt: row.created_at,
    publishedAt: row.published_at,
  };
}

function compileStored(row: RulesetRow): Ruleset {
  const result = compileRuleset(row.files, { version: row.version, hash: row.hash });
  if (result.ok) return result.ruleset;
  const first = result.problems[0];
  const where = first ? `${first.file}:${first.line}: ${first.message}` : 'unknown problem';
  throw new AppError('rules_invalid', `Ruleset version ${row.version} does not compile: ${where}`, {
    retryable: false,
  });
}

export type SeedResult = 'seeded' | 'same' | 'differs';

/**
 * The folder seeds version 1 only. Afterwards the database is the truth: a folder that differs from the
 * live version is reported by the caller, never applied.
 */
export async function seedRulesets(
  db: Kysely<Database>,
  files: RuleFiles,
  now: Date,
): Promise<SeedResult> {
  const hash = hashRuleFiles(files);
  const live = await db
    .selectFrom('rulesets')
    .select('hash')
    .where('status', '=', 'live')
    .executeTakeFirst();
  if (live) return live.hash === hash ? 'same' : 'differs';
  await db
    .insertInto('rulesets')
    .values({
      version: 1,
      hash,
      files: JSON.stringify(files),
      status: 'live',
      parent_version: null,
      author: 'scoring-rules folder',
      approver: null,
      note: 'First version, from the scoring-rules folder',
      created_at: now,
      published_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return 'seeded';
}

export interface NewVersion {
  files: RuleFiles;
  note: string;
  author: string;
  baseVersion: number;
}

/** The live version when it is this very one, published before by the same person: a form sent twice. */
export async function publishedBefore(
  trx: Transaction<Database>,
  { files, author, note, baseVersion }: NewVersion,
): Promise<number | null> {
  const same = await trx
    .selectFrom('rulesets')
    .select('version')
    .where('status', '=', 'live')
    .where('parent_version', '=', baseVersion)
    .where('author', '=', author)
    .where('note', '=', note)
    .where('hash', '=', hashRuleFiles(files))
    .executeTakeFirst();
  return same?.version ?? null;
}

/** Null: somebody published since `baseVersion`. The caller has compiled the files already. */
export async function publishVersion(
  trx: Transaction<Database>,
  next: NewVersion,
  now: Date,
): Promise<number | null> {
  const live = await trx
    .selectFrom('rulesets')
    .select('version')
    .where('status', '=', 'live')
    .forUpdate()
    .executeTakeFirst();
  // None: who published at the same moment had it locked, and it is live no more.
  if (live?.version !== next.baseVersion) return null;
  const newest = await trx
    .selectFrom('rulesets')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirstOrThrow();
  const version = newest.version + 1;
  await trx
    .updateTable('rulesets')
    .set({ status: 'archived' })
    .where('version', '=', live.version)
    .execute();
  await trx
    .insertInto('rulesets')
    .values({
      version,
      hash: hashRuleFiles(next.files),
      files: JSON.stringify(next.files),
      status: 'live',
      parent_version: live.version,
      author: next.author,
      approver: null,
      note: next.note,
      created_at: now,
      published_at: now,
    })
    .execute();
  return version;
}

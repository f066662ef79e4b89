import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Kysely } from 'kysely';
import { parseEmailAddress } from '../lead/normalise-email.ts';
import { parseShortId } from '../lead/short-id.ts';
import { type Config, readProcessConfig } from '../platform/config.ts';
import { asAppError } from '../platform/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import { findRunningPostgres, startEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import { migrate } from '../platform/postgres/migrate.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { createReleasers } from '../platform/releasers.ts';
import {
  type ErasedPerson,
  type Erasure,
  erasePerson,
  type FoundPerson,
  findPerson,
} from '../records/erase-person.ts';

const log = createLogger({ level: 'silent', format: 'json' });

/**
 * Takes a person out of the record. Exit codes: 0 erased, 1 nothing is known of them or the answer was no,
 * 2 the command is not understood, 69 the database is not there, 75 busy: again in a minute, 78 configuration.
 */
export async function runErase(who: string, options: { yes: boolean }): Promise<number> {
  const person = readPerson(who);
  if (person === null) return say('Say whom: an e-mail address, or the id of a lead (L-4F7K).', 2);
  const read = readProcessConfig();
  if (!read.ok) return say(read.problems.join('\n'), 78);
  if (!options.yes && !process.stdin.isTTY) {
    return say('Erasing cannot be undone: add --yes when nobody is there to be asked.', 2);
  }
  const releasers = createReleasers(log);
  try {
    const db = await connect(read.config, releasers);
    return await erase(db, person, options.yes);
  } catch (error) {
    return say(asAppError(error).message, 69);
  } finally {
    await releasers.release();
  }
}

function readPerson(who: string): ErasedPerson | null {
  if (who.includes('@')) {
    const email = parseEmailAddress(who)?.address;
    return email === undefined ? null : { email };
  }
  const shortId = parseShortId(who);
  return shortId === null ? null : { shortId };
}

function say(sentence: string, code: number): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}

/** The configured database; our own one also while First Call runs on it, and when it does not. */
async function connect(
  config: Config,
  releasers: ReturnType<typeof createReleasers>,
): Promise<Kysely<Database>> {
  const dataDir = join(config.dataDir, 'postgres');
  let url = config.databaseUrl ?? (await findRunningPostgres(dataDir, log));
  if (url === undefined) {
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    releasers.push('embedded Postgres', () => postgres.stop());
    url = postgres.url;
    await migrate(url, { log });
  }
  const db = openDatabase(url, { applicationName: 'firstcall-erase', maxConnections: 2, log });
  releasers.push('database', () => db.destroy());
  return db;
}

async function erase(db: Kysely<Database>, person: ErasedPerson, yes: boolean): Promise<number> {
  const found = await findPerson(db, person);
  if (found.leads.length === 0 && found.strayItems === 0) {
    const sentence =
      'shortId' in person
        ? `There is no lead ${person.shortId}: check the id.`
        : 'Nothing is stored of this person.';
    return say(sentence, 1);
  }
  if (!yes && !(await isSure(found))) return say('Nothing was erased.', 1);
  const result = await erasePerson(db, person, new Date());
  if (result.kind === 'busy') {
    return say('This lead is being written to the CRM just now: try again in a minute.', 75);
  }
  process.stdout.write(report(result.erasure, found));
  return 0;
}

async function isSure({ leads, strayItems }: FoundPerson): Promise<boolean> {
  const names = leads.map(({ shortId }) => shortId).join(', ') || 'no lead';
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      `This erases ${names}, with all that came in for it, and ${strayItems} other webhook items with the address. It cannot be undone. Type "erase" to go on: `,
    );
    return answer.trim() === 'erase';
  } finally {
    prompt.close();
  }
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function report(erasure: Erasure, { leads }: FoundPerson): string {
  const crmIds = leads.flatMap(({ crmId }) => crmId ?? []);
  return `${[
    `Erased: ${leads.map(({ shortId }) => shortId).join(', ') || 'no lead'}`,
    `  ${counted(erasure.leads, 'lead')}, ${counted(erasure.webhookItems, 'webhook item')}, ${counted(erasure.notes, 'note')}, ${counted(erasure.signals, 'signal')} without their person`,
    `  ${counted(erasure.mentions, 'text')} of others without the address`,
    `  ${counted(erasure.redraws, 'Slack message')} to be drawn again by the worker`,
    'The ledger of decisions stays, without a person in it.',
    ...crmIds.map((id) => `Still to do in the CRM: delete record ${id}.`),
    'Still to do at the sender: delete its copy, or it comes in again. Erase again after restoring a backup.',
  ].join('\n')}\n`;
}

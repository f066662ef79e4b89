import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { MailDomains } from '../lead/mail-domains.ts';

// We read the lists of `freemail` but not its code, which searches them from end to end for each address.
const require = createRequire(import.meta.url);

/** Domains of free and of throw-away mail. Reads about 90,000 lines once: call it at start. */
export function loadMailDomains(): MailDomains {
  return {
    free: readList('freemail/data/free.txt'),
    disposable: readList('freemail/data/disposable.txt'),
  };
}

function readList(path: string): ReadonlySet<string> {
  const lines = readFileSync(require.resolve(path), 'utf8').split('\n');
  return new Set(lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== ''));
}

import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

/** A `.env` file as it stands. */
export interface EnvFile {
  text: string;
  /** What it sets; empty values are left out, as they count as absent. */
  values: ReadonlyMap<string, string>;
}

/** An absent file is an empty one. Rejects when it is there and cannot be read. */
export async function readEnvFile(path: string): Promise<EnvFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const entries = Object.entries(parseEnv(text)).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return { text, values: new Map(entries) };
}

/** With its lines: what is in quotes may have several. A quote that nothing closes is one of its line. */
const ASSIGNMENT =
  /^[ \t]*(?:export\s+)?([^\s#=]+)[ \t]*=[ \t]*(?:(["'`])[\s\S]*?\2)?.*(?:\r?\n|$)/gm;

/**
 * The text with these values: in the place that sets a name already, else at the end. Other lines, comments and their
 * order stay. A later place of the same name would win, so it goes.
 */
export function withValues(text: string, values: ReadonlyMap<string, string>): string {
  const left = new Map(values);
  const lineOf = (name: string, value: string) => `${name}=${quoted(value)}\n`;
  const kept = text.replace(ASSIGNMENT, (assignment, name: string) => {
    const value = values.get(name);
    if (value === undefined) return assignment;
    return left.delete(name) ? lineOf(name, value) : '';
  });
  const ended = kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
  return ended + [...left].map(([name, value]) => lineOf(name, value)).join('');
}

/** On one line: a key's line ends are written as \n, which the configuration reads back. */
function quoted(value: string): string {
  const line = value.replaceAll('\r\n', '\n').trim().replaceAll('\n', '\\n');
  if (/^[\w\-./:@+=,]*$/.test(line)) return line;
  return line.includes('"') ? `'${line}'` : `"${line}"`;
}

/** Readable by its owner alone, and never half written. */
export async function writeEnvFile(path: string, text: string): Promise<void> {
  const next = `${path}.new`;
  await rm(next, { force: true });
  await writeFile(next, text, { mode: 0o600, flag: 'wx' });
  await chmod(next, 0o600);
  await rename(next, path);
}

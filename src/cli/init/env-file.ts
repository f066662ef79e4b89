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

/**
 * The text with these values: in the line that sets a name already, else at the end. Other lines, comments and their
 * order stay. A later line of the same name would win, so it goes.
 */
export function withValues(text: string, values: ReadonlyMap<string, string>): string {
  const left = new Map(values);
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const kept = lines.flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? '';
    const value = values.get(name);
    if (value === undefined) return [line];
    return left.delete(name) ? [`${name}=${quoted(value)}`] : [];
  });
  const added = [...left].map(([name, value]) => `${name}=${quoted(value)}`);
  const all = [...kept, ...added];
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
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

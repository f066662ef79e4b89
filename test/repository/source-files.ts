import { glob, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** What git keeps out, and what is not text of ours. */
const NOT_OURS = ['node_modules', '.git', '.firstcall', 'test-results', 'dist', '.env'];

export interface SourceFile {
  /** From the root, with forward slashes: "src/lead/lead.ts". */
  path: string;
  text: string;
}

/** Files whose names match, by path. Walks the folder, so that it works without git. */
export async function readFiles(...patterns: string[]): Promise<SourceFile[]> {
  const paths: string[] = [];
  const exclude = (name: string) => NOT_OURS.some((part) => name.split(/[\\/]/).includes(part));
  for await (const path of glob(patterns, { cwd: ROOT, exclude })) {
    paths.push(path.replaceAll('\\', '/'));
  }
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  );
}

export async function readOne(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8');
}

/** The code without comments and quoted words. Templates stay, since they hold code. */
export function codeOf(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    (match) => (match.startsWith('/') ? '' : "''"),
  );
}

export interface Import {
  specifier: string;
  /** Gone at run time. */
  isType: boolean;
}

export function importsOf(text: string): Import[] {
  const imports: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s([^'";]*?)\s*from '([^']+)'/gms)) {
    imports.push({ specifier: match[2] ?? '', isType: /^type\b/.test(match[1] ?? '') });
  }
  for (const match of text.matchAll(/^import '([^']+)'|\bimport\('([^']+)'\)/gm)) {
    imports.push({ specifier: match[1] ?? match[2] ?? '', isType: false });
  }
  return imports;
}

/** The path that a relative specifier of `from` leads to; null for a package. */
export function targetOf(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.normalize(`${dirname(from)}/${specifier}`) : null;
}

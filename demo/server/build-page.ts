import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE_FOLDER = fileURLToPath(new URL('../page/', import.meta.url));
const LOCK_FILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

export interface PageFile {
  body: Buffer;
  contentType: string;
}

/** Path ("/assets/index.js") to content. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The page's files, built when its sources or the locked packages changed since the last start. */
export async function buildPage(log: (line: string) => void): Promise<PageFiles> {
  const dist = join(PAGE_FOLDER, 'dist');
  const target = join(dist, await sourceHash());
  if (!(await exists(target))) {
    log('Building the demo page');
    const known = await readdir(dist).catch(() => []);
    await buildInto(target);
    // Another start may be building right now: its draft is its own.
    const outdated = known.filter((name) => !name.includes('.draft-'));
    await Promise.all(outdated.map((old) => rm(join(dist, old), { recursive: true, force: true })));
  }
  return readFiles(target);
}

/** Builds beside the target and moves it there, so that a build cut short is never taken for one. */
async function buildInto(target: string): Promise<void> {
  // Loaded here only: a start with an unchanged page does not pay for the bundler.
  const [{ build }, { default: react }] = await Promise.all([
    import('vite'),
    import('@vitejs/plugin-react'),
  ]);
  const draft = `${target}.draft-${process.pid}`;
  await mkdir(draft, { recursive: true });
  await build({
    root: PAGE_FOLDER,
    configFile: false,
    envFile: false,
    logLevel: 'error',
    plugins: [react()],
    // No data: addresses, which the page's content policy refuses.
    build: { outDir: draft, assetsInlineLimit: 0, chunkSizeWarningLimit: 2_000 },
  });
  try {
    await rename(draft, target);
  } catch (error) {
    // Another start has put the same page there meanwhile.
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await filesUnder(PAGE_FOLDER)) {
    if (relative(PAGE_FOLDER, path).startsWith('dist')) continue;
    hash.update(relative(PAGE_FOLDER, path)).update(await readFile(path));
  }
  hash.update(await readFile(LOCK_FILE));
  return hash.digest('hex').slice(0, 16);
}

async function readFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  for (const path of await filesUnder(folder)) {
    const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
    const name = `/${relative(folder, path).replaceAll('\\', '/')}`;
    files.set(name, { body: await readFile(path), contentType });
  }
  return files;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

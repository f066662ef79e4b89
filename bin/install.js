import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInstalled, markInstalled } from './installed.js';

const STILL_AT_IT_MS = 15_000;
/** Two commands may start at once; a lock this old is a crash, whatever its process id says now. */
const STALE_LOCK_MS = 20 * 60_000;

/** Installs the locked packages when they are not there. Throws an Error whose message is one plain sentence. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const release = await lockInstall(root);
  try {
    if (isInstalled(root)) return;
    await install(root);
    markInstalled(root);
  } finally {
    release();
  }
}

async function lockInstall(root) {
  const folder = join(root, '.firstcall');
  const path = join(folder, 'install.lock');
  createFolder(folder);
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Error(cannotWrite(folder, error));
    }
    if (isStale(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) say('Another First Call command is installing the packages; waiting for it.');
    told = true;
    await sleep(200);
  }
}

function createFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(cannotWrite(folder, error));
  }
}

function isStale(path) {
  try {
    const { mtimeMs } = statSync(path);
    const pid = Number(readFileSync(path, 'utf8'));
    // An empty file is one that its writer has just created.
    if (!pid) return Date.now() - mtimeMs > 5_000;
    return Date.now() - mtimeMs > STALE_LOCK_MS || !isAlive(pid);
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(root) {
  say('Installing packages, about a minute...');
  const startedAt = Date.now();
  const timer = setInterval(() => {
    say(`Still installing packages (${Math.round((Date.now() - startedAt) / 1000)} s)...`);
  }, STILL_AT_IT_MS);
  try {
    const { code, output, spawnError } = await runNpm(root);
    if (spawnError?.code === 'ENOENT') throw new Error(NO_NPM);
    if (code !== 0) throw new Error(explain(root, output, spawnError));
  } finally {
    clearInterval(timer);
  }
  say(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

function runNpm(root) {
  // Install scripts stay off: nothing here needs one (PostgreSQL's links are made at first use), and
  // engine warnings are about the system's Node, which only starts ours.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npmCli = process.env.npm_execpath;
  const direct = npmCli && /npm-cli\.c?js$/.test(npmCli);
  const command = direct ? process.execPath : 'npm';
  return new Promise((resolve) => {
    const child = spawn(command, direct ? [npmCli, ...args] : args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a batch file on Windows, which only a shell can run.
      shell: !direct && process.platform === 'win32',
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (spawnError) => resolve({ code: 1, output, spawnError }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const NO_NPM =
  'The packages are not installed and npm was not found: install npm (it comes with Node from nodejs.org) and run this again.';

const CAUSES = [
  {
    match: /ENOSPC/,
    sentence:
      'The packages could not be installed because the disk is full: free about 1 GB and run this again.',
  },
  {
    match:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/,
    sentence:
      'The packages could not be downloaded because the npm registry is out of reach: check the network (or the npm proxy setting) and run this again.',
  },
  {
    match: /EACCES|EPERM|EROFS/,
    sentence:
      'The packages could not be installed because this folder may not be written: check who owns it and run this again.',
  },
];

function explain(root, output, spawnError) {
  const text = `${output}\n${spawnError?.message ?? ''}`;
  const known = CAUSES.find(({ match }) => match.test(text));
  const logPath = join(root, '.firstcall', 'install.log');
  try {
    writeFileSync(logPath, text);
  } catch {
    // A full disk: the sentence is what matters.
  }
  if (known) return `${known.sentence} (npm's own words are in ${logPath})`;
  return `The packages could not be installed ("npm ci" failed; its own words are in ${logPath}): mend that and run this again.`;
}

function cannotWrite(folder, error) {
  return `The packages are not installed and ${folder} cannot be written (${error.code}): check the disk and who owns the folder, and run this again.`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/* bin/ against a project of nothing but bin/, a lock file and an npm that we wrote. */

const BIN = join(import.meta.dirname, '../../bin');
let project: string;
let children: ChildProcess[];

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'firstcall-runtime-'));
  children = [];
  await cp(BIN, join(project, 'bin'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
  await writeLock('1.0.0');
  await write('program.ts', PROGRAM);
});
afterEach(async () => {
  for (const child of children) killGroup(child);
  await rm(project, { recursive: true, force: true });
});

const PROGRAM = `
const [what, ...rest]: string[] = process.argv.slice(2);
if (what === 'wait') {
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => console.log(name));
  process.on('SIGTERM', () => process.exit(7));
  setInterval(() => undefined, 1000);
}
// Whoever reads this may send signals.
console.log(JSON.stringify({ what, rest, path: process.env.PATH?.split(':')[0], cwd: process.cwd() }));
if (what === 'exit') process.exit(Number(rest[0]));`;

const GOOD_NPM = `echo "$@" >> "$PWD/npm-runs"; sleep 0.3; mkdir -p node_modules; echo done`;

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, name)), { recursive: true });
  await writeFile(join(project, name), text);
}

/** Also what it started, which an end by SIGKILL is not passed on to. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function writeLock(version: string): Promise<void> {
  const packages = {
    '': {},
    'node_modules/needed': { version },
    'node_modules/elsewhere': { version, optional: true },
    'node_modules/tool': { version, dev: true },
  };
  return write('package-lock.json', JSON.stringify({ packages }));
}

async function writeNpm(script: string): Promise<void> {
  await write('tools/npm', `#!/bin/sh\n${script}\n`);
  await chmod(join(project, 'tools/npm'), 0o755);
}

interface Run {
  child: ChildProcess;
  output: () => string;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(args: string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(project, 'bin/run.js'), ...args], {
    cwd: tmpdir(),
    env: { PATH: `${join(project, 'tools')}:/usr/bin:/bin`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<Run['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, output: () => stdout, ended };
}

async function npmRuns(): Promise<string[]> {
  const text = await readFile(join(project, 'npm-runs'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}

describe('a command of the project', () => {
  it('installs what is missing, once, and passes arguments, folder and exit code on', async () => {
    await writeNpm(GOOD_NPM);
    const first = await run(['program.ts', 'exit', '5']).ended;
    expect(first.code).toBe(5);
    expect(first.stderr).toMatch(/^Installing packages, about a minute\.\.\.\nPackages installed/);
    expect(JSON.parse(first.stdout)).toEqual({
      what: 'exit',
      rest: ['5'],
      path: join(project, 'node_modules/.bin'),
      cwd: tmpdir(),
    });
    const second = await run(['program.ts', 'again']).ended;
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(await npmRuns()).toEqual([expect.stringMatching(/^ci --ignore-scripts /)]);
  });

  it('installs again when the lock file has changed', async () => {
    await writeNpm(GOOD_NPM);
    await run(['program.ts']).ended;
    await writeLock('2.0.0');
    await run(['program.ts']).ended;
    expect(await npmRuns()).toHaveLength(2);
  });

  it('lets one of two that start at once install while the other waits', async () => {
    await writeNpm(GOOD_NPM);
    const results = await Promise.all([run(['program.ts']).ended, run(['program.ts']).ended]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(await npmRuns()).toHaveLength(1);
  });

  it('goes on after an install that was killed', async () => {
    await writeNpm(GOOD_NPM);
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.once('exit', resolve));
    await write('.firstcall/install.lock', String(dead.pid));
    expect((await run(['program.ts']).ended).code).toBe(0);
  });

  it('believes what npm itself installed: other platforms may be absent, a production install too', async () => {
    await writeNpm('exit 1');
    const present = { 'node_modules/needed': { version: '1.0.0' } };
    const text = JSON.stringify({ packages: present });
    await write('node_modules/.package-lock.json', text);
    expect((await run(['program.ts']).ended).code).toBe(1);
    expect((await run(['program.ts'], { NODE_ENV: 'production' }).ended).code).toBe(0);
  });

  it.each([
    ['npm error code ENOTFOUND', /registry is out of reach: check the network/],
    ['npm error ENOSPC: no space left on device', /because the disk is full/],
    ['npm error code EACCES', /may not be written: check who owns it/],
    ['npm error something else', /"npm ci" failed; its own words are in/],
  ])('says in one sentence why it cannot install: %s', async (words, sentence) => {
    await writeNpm(`echo "${words}" >&2; exit 1`);
    const { code, stderr } = await run(['program.ts']).ended;
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'Installing packages, about a minute...',
      expect.stringMatching(sentence),
    ]);
  });

  it('says when there is no npm', async () => {
    const { code, stderr } = await run(['program.ts'], { PATH: join(project, 'tools') }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm was not found: install npm/);
  });
});

describe('signals', () => {
  beforeEach(async () => {
    await writeNpm(GOOD_NPM);
    await run(['program.ts']).ended;
  });

  async function startWaiting(): Promise<Run> {
    const waiting = run(['program.ts', 'wait']);
    await vi.waitFor(() => expect(waiting.output()).toContain('wait'), 10_000);
    return waiting;
  }

  it('reach the program, whose exit code is ours', async () => {
    const { child, output, ended } = await startWaiting();
    child.kill('SIGINT');
    await vi.waitFor(() => expect(output()).toContain('SIGINT'), 10_000);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(7);
    expect(stdout.match(/SIG\w+/g)).toEqual(['SIGINT', 'SIGTERM']);
  });

  it('tell how a program died that did not end itself', async () => {
    const { code } = await run(['program.ts', 'exit', '3']).ended;
    expect(code).toBe(3);
    await write('killed.ts', 'process.kill(process.pid, "SIGKILL");');
    expect((await run(['killed.ts']).ended).code).toBe(137);
  });
});

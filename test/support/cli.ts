import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { vi } from 'vitest';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface CliRun {
  child: ChildProcess;
  output(): string;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

export interface CliOptions {
  env?: Record<string, string>;
  /** The folder that it is started from. */
  cwd?: string;
  stdin?: string;
  /** Leader of a process group of its own, as a terminal makes it: signal it with a negative id. */
  detached?: boolean;
}

/** `npx firstcall ...` in a process of its own, with no more of our environment than it needs. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliRun {
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { PATH: process.env.PATH ?? '', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<Awaited<CliRun['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, output: () => stdout, ended };
}

export function runCli(args: readonly string[], options: CliOptions = {}): CliRun['ended'] {
  return startCli(args, options).ended;
}

/** What a command prints when it runs in this process, which is much faster than one of its own. */
export async function printedBy(
  command: () => Promise<number>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      printed[name] += String(chunk);
      return true;
    }),
  );
  try {
    const code = await command();
    return { code, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

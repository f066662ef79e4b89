import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What tells one process from a later one with the same id: boot and start time on Linux, start time on
 * macOS. `undefined`: no such process, or only its unreaped remains. 'unknown': alive, and that is all we can see.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (!isSignalable(pid)) return undefined;
  if (process.platform === 'linux') return linuxIdentity(pid);
  if (process.platform === 'win32') return 'unknown';
  const line = await ps(pid, 'state=,lstart=');
  if (line === undefined || line.startsWith('Z')) return undefined;
  return line.replace(/^\S+\s+/, '');
}

/** The command line of a process, or '' when it cannot be read. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return raw.replaceAll('\0', ' ').trim();
  }
  if (process.platform === 'win32') return '';
  return (await ps(pid, 'command=')) ?? '';
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process: alive, though not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function linuxIdentity(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name, in parentheses, may hold spaces: fields are counted after it (state is field 3, start time field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown');
  return `${boot.trim()}/${fields[19]}`;
}

async function ps(pid: number, format: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', format, '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

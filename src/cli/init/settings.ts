import { randomBytes } from 'node:crypto';
import type { EnvFile } from './env-file.ts';
import type { Terminal } from './terminal.ts';

/** What is set already, what is to be written, and whom to ask. */
export interface Settings {
  terminal: Terminal;
  /** A value that counts now: new, else of the environment, else of the file. */
  get(name: string): string | undefined;
  /** Keeps a checked value for the file. */
  set(name: string, value: string): void;
  /** True when it may be asked for: it is not set yet, or the person wants another one. */
  mayChange(name: string, what: string): Promise<boolean>;
  /** Whether any variable with this start is set. */
  has(prefix: string): boolean;
  changes: ReadonlyMap<string, string>;
}

export function createSettings(
  terminal: Terminal,
  file: EnvFile,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const changes = new Map<string, string>();
  const get = (name: string) => changes.get(name) ?? environment[name] ?? file.values.get(name);
  return {
    terminal,
    get,
    set(name, value) {
      if (file.values.get(name) !== value) changes.set(name, value);
    },
    async mayChange(name, what) {
      if (get(name) === undefined) return true;
      return !(await terminal.confirm(`${what} is set already. Keep it?`));
    },
    has: (prefix) =>
      [...changes.keys(), ...file.values.keys(), ...Object.keys(environment)].some((name) =>
        name.startsWith(prefix),
      ),
    changes,
  };
}

/** A secret as Standard Webhooks wants it. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DataFolder {
  path: string;
  remove(): Promise<void>;
}

/**
 * A folder for an embedded PostgreSQL. Run as root, the server is another user's, who cannot enter what
 * `mkdtemp` makes: the data would then be kept, and left behind, below /var/lib/firstcall.
 */
export async function createDataFolder(): Promise<DataFolder> {
  const path = await mkdtemp(join(tmpdir(), 'firstcall-data-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARKER = join('node_modules', '.firstcall-installed');

/** True when node_modules holds what package-lock.json asks for. */
export function isInstalled(root) {
  const lockPath = join(root, 'package-lock.json');
  if (!existsSync(join(root, 'node_modules'))) return false;
  if (!existsSync(lockPath)) return true;
  const wanted = fingerprint(lockPath);
  if (readMarker(root) === wanted) return true;
  // Somebody may have run npm by hand: believe npm's own account of what it put there.
  if (!matchesHiddenLock(root, lockPath)) return false;
  markInstalled(root);
  return true;
}

export function markInstalled(root) {
  try {
    writeFileSync(join(root, MARKER), fingerprint(join(root, 'package-lock.json')));
  } catch {
    // A read-only node_modules: the marker only saves the comparison next time.
  }
}

function fingerprint(lockPath) {
  const hash = createHash('sha256').update(readFileSync(lockPath)).digest('hex');
  return `${hash} ${process.platform}-${process.arch}`;
}

function readMarker(root) {
  try {
    return readFileSync(join(root, MARKER), 'utf8');
  } catch {
    return undefined;
  }
}

function matchesHiddenLock(root, lockPath) {
  try {
    const wanted = JSON.parse(readFileSync(lockPath, 'utf8')).packages;
    const hiddenPath = join(root, 'node_modules', '.package-lock.json');
    const present = JSON.parse(readFileSync(hiddenPath, 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => isSatisfied(path, entry, present[path]));
  } catch {
    return false;
  }
}

function isSatisfied(path, wanted, present) {
  if (path === '') return true;
  if (present) return present.version === wanted.version;
  // Packages for other platforms stay away; a production install leaves the development ones out.
  if (wanted.optional || wanted.devOptional || wanted.peer) return true;
  return Boolean(wanted.dev) && omitsDevelopment();
}

function omitsDevelopment() {
  const omit = process.env.npm_config_omit ?? '';
  return process.env.NODE_ENV === 'production' || omit.split(/[\s,]+/).includes('dev');
}

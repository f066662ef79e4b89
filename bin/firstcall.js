#!/usr/bin/env node
import { runOnProjectNode } from './runtime.js';

await runOnProjectNode('src/cli/main.ts', process.argv.slice(2));

import { parentPort } from 'node:worker_threads';
import { type JsonTask, readJsonEvents } from './read-json-events.ts';

/* Runs in a thread of its own (json-reader.ts): reads one body after the other. */

parentPort?.on('message', (task: JsonTask) => {
  parentPort?.postMessage(readJsonEvents(task));
});

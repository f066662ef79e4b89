import { afterEach, describe, expect, it } from 'vitest';
import {
  createJsonReader,
  type JsonReader,
  type JsonReaderOptions,
} from '../../src/intake/json-reader.ts';
import { type JsonTask, readJsonEvents } from '../../src/intake/read-json-events.ts';
import { watchCpu } from '../support/watch-cpu.ts';
import { sampleLead } from '../support/world.ts';

let reader: JsonReader | undefined;
afterEach(() => reader?.close());

function start(options: JsonReaderOptions = {}): JsonReader {
  reader = createJsonReader(options);
  return reader;
}

function taskOf(body: unknown): JsonTask {
  const text = JSON.stringify(body);
  return {
    ...{ kind: 'lead', source: 'website', traceId: 'test', webhookId: 'msg_1' },
    receivedAt: new Date('2026-03-10T09:00:00Z'),
    body: Buffer.from(text),
  };
}

/** `count` names that nobody has sent before. */
function names(count: number, prefix: string): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 1]));
}

/** Near the limit of a megabyte each. */
const HEAVY: [string, unknown][] = [
  ['80,000 names in one lead', names(80_000, 'f')],
  ['80 names of its own in each of 1,000 leads', lists(1_000, 80)],
  ['the same leads over and over', { leads: Array.from({ length: 1_000 }, () => sampleLead()) }],
  ['a list of half a million numbers', { id: 'web-1', list: new Array(450_000).fill(1) }],
];

function lists(count: number, each: number): unknown {
  return { leads: Array.from({ length: count }, (_, index) => names(each, `${index}x`)) };
}

describe('a reader of JSON', () => {
  it('reads large bodies as it reads small ones', async () => {
    const { read } = start();
    const many = { leads: Array.from({ length: 300 }, () => sampleLead()) };
    for (const task of [taskOf(sampleLead()), taskOf(many), taskOf([1, 2]), taskOf('no')]) {
      expect(await read(task)).toEqual(readJsonEvents(task));
    }
    expect(taskOf(many).body.length).toBeGreaterThan(32 * 1024);
  });

  it.each(HEAVY)('leaves the thread that answers everybody alone: %s', async (_, body) => {
    const { read } = start();
    await read(taskOf({ leads: Array.from({ length: 200 }, () => sampleLead()) }));
    const task = taskOf(body);
    const spentMs = watchCpu();
    const answer = await read(task);
    expect(answer).toMatchObject({ ok: true });
    // Read in this thread, the first takes a quarter of a second.
    expect(spentMs()).toBeLessThan(150);
  });

  it('asks the sender to come back when a busy machine takes too long, and reads the next', async () => {
    const slow = await start({ withinMs: 1 }).read(taskOf(names(80_000, 'f')));
    expect(slow).toMatchObject({ status: 503, code: 'reader_busy' });
    await reader?.close();
    expect(await start().read(taskOf(names(80_000, 'f')))).toMatchObject({ ok: true });
  });

  it('what is read at once is small enough, whatever it is', () => {
    const task = taskOf(names(2_700, 'f'));
    expect(task.body.length).toBeLessThan(32 * 1024);
    for (let warm = 0; warm < 5; warm += 1) readJsonEvents(task);
    const spentMs = watchCpu();
    readJsonEvents(task);
    expect(spentMs()).toBeLessThan(60);
  });
});

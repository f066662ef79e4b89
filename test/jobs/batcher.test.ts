import { expect, test } from 'vitest';
import { createBatcher } from '../../src/jobs/batcher.ts';

/** Work that ends when the test says so. */
function createWork(bad: string[] = []) {
  const batches: string[][] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  return {
    batches,
    release: () => gates.shift()?.resolve(),
    async run(ids: readonly string[]): Promise<void> {
      batches.push([...ids]);
      if (ids.length > 1 || gates.length === 0) {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        await gate.promise;
      }
      if (ids.some((id) => bad.includes(id))) throw new Error(`cannot do ${ids}`);
    },
  };
}

test('alone an id goes at once; what arrives meanwhile goes together', async () => {
  const work = createWork();
  const add = createBatcher({ run: work.run, size: 10, parallel: 1 });
  const first = add('a');
  const others = [add('b'), add('c'), add('b')];
  expect(work.batches).toEqual([['a']]);

  work.release();
  await first;
  await expect.poll(() => work.batches).toEqual([['a'], ['b', 'c']]);
  work.release();
  await Promise.all(others);
});

test('a batch is bounded, and so are the batches at the same time', async () => {
  const work = createWork();
  const add = createBatcher({ run: work.run, size: 2, parallel: 2 });
  const all = ['a', 'b', 'c', 'd', 'e'].map(add);
  expect(work.batches).toEqual([['a'], ['b']]);

  for (let step = 0; step < 4; step += 1) {
    work.release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(all);
  expect(work.batches.every((batch) => batch.length <= 2)).toBe(true);
  expect(work.batches.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('one bad id fails alone; the others of its batch are done', async () => {
  const ran: string[][] = [];
  const add = createBatcher({
    size: 10,
    parallel: 1,
    async run(ids) {
      ran.push([...ids]);
      await new Promise((resolve) => setImmediate(resolve));
      if (ids.includes('bad')) throw new Error('cannot do it');
    },
  });
  const results = await Promise.allSettled(['first', 'good', 'bad', 'fine'].map(add));

  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(ran).toEqual([['first'], ['good', 'bad', 'fine'], ['good'], ['bad'], ['fine']]);
});

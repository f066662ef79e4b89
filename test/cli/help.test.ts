import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';

it('lists every command truly, and README.md the same', async () => {
  const source = await readFile('src/cli/main.ts', 'utf8');
  const declared = [...source.matchAll(/\bprogram\s*\.command\('(\w+)'\)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(declared.length).toBeGreaterThan(5);
  const { code, stdout } = await runCli(['help']);
  expect(code).toBe(0);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+)(?: [[<]| {2,})/gm)].map(
    ([, name]) => name ?? '',
  );
  expect(listed.filter((name) => name !== 'help').sort()).toEqual([...declared].sort());
  const readme = await readFile('README.md', 'utf8');
  for (const name of [...declared, 'help']) expect(readme).toContain(`\`npx firstcall ${name}`);
});

it.each([
  [['strat'], "unknown command 'strat'", '(Did you mean start?)'],
  [['rules', 'chek'], "unknown command 'chek'", '(Did you mean check?)'],
  [['score', '-', '--jsn'], "unknown option '--jsn'", '(Did you mean --json?)'],
])('suggests what %o may have meant', async (args, error, suggestion) => {
  const { code, stderr } = await runCli(args);
  expect(code).not.toBe(0);
  expect(stderr).toContain(error);
  expect(stderr).toContain(suggestion);
});

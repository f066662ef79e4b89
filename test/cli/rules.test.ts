import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRulesCheck } from '../../src/cli/rules/check.ts';
import { runRulesDiff } from '../../src/cli/rules/diff.ts';
import { runRulesExplain } from '../../src/cli/rules/explain.ts';
import { runRulesSchema } from '../../src/cli/rules/schema.ts';
import { runRulesTest } from '../../src/cli/rules/test.ts';
import { printedBy, runCli } from '../support/cli.ts';

const SEED = join(import.meta.dirname, '../../scoring-rules');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstcall-rules-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let copies = 0;
async function changed(file: string, from: string, to: string, rules = SEED): Promise<string> {
  copies += 1;
  const copy = join(folder, `rules-${copies}`);
  await cp(rules, copy, { recursive: true });
  const text = await readFile(join(copy, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(copy, file), text.replaceAll(from, to));
  return copy;
}

/** The seed rules with one rule moved to before another of its file. */
async function moved(file: string, id: string, before: string, rules = SEED): Promise<string> {
  const text = await readFile(join(rules, file), 'utf8');
  const start = (rule: string) => text.indexOf(`  - id: ${rule}\n`);
  const end = text.indexOf('  - id: ', start(id) + 1);
  const block = text.slice(start(id), end);
  const [from, to] = [text.slice(start(before), end), text.slice(start(before), start(id))];
  return changed(file, from, block + to, rules);
}

describe('firstcall rules check', () => {
  it('shows the line with a caret below the place, and the closest name', async () => {
    const rules = await changed('fit.yml', 'company.employees >= 1000', 'company.employes >= 1000');
    const { code, stdout } = await printedBy(() => runRulesCheck(rules, { json: false }));
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        `${rules}/fit.yml:12:19  error  Unknown field "company.employes"`,
        '    when: company.employes >= 1000',
        '                  ^',
        '    Did you mean "company.employees"?',
      ].join('\n'),
    );
  });
});

describe('firstcall rules test', () => {
  it('passes on the seed rules, and says what failed', async () => {
    expect((await printedBy(() => runRulesTest(SEED, { json: false }))).code).toBe(0);
    const rules = await changed(
      'fit.yml',
      'company.employees >= 1000',
      'company.employees >= 9000',
    );
    const { code, stdout } = await printedBy(() => runRulesTest(rules, { json: true }));
    expect(code).toBe(1);
    const failed = JSON.parse(stdout).results.filter(
      (result: { failures: string[] }) => result.failures.length > 0,
    );
    expect(JSON.stringify(failed)).toContain('fit.company-size.enterprise');
  });

  it('ends with 2 when there is no folder', async () => {
    const { code, stderr } = await printedBy(() =>
      runRulesTest(join(folder, 'nowhere'), { json: false }),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere')]);
  });
});

describe('firstcall rules explain', () => {
  it('says where a rule is, what it does and which cases speak of it', async () => {
    const { code, stdout } = await printedBy(() =>
      runRulesExplain('intent.pricing-page', SEED, { json: true }),
    );
    expect(code).toBe(0);
    const explained = JSON.parse(stdout);
    const lines = (await readFile(join(SEED, 'intent.yml'), 'utf8')).split('\n');
    expect(lines[explained.line - 1]).toContain('intent.pricing-page');
    expect(explained).toMatchObject({
      does: '+15 points for intent',
      reads: ['signals.count("pricing_viewed", 30d)'],
      tests: { fires: expect.arrayContaining([expect.any(String)]) },
    });
  });

  it('says what a rule reads that is switched off', async () => {
    const on = 'when: signals.count("pricing_viewed", days(30)) >= 3';
    const rules = await changed('intent.yml', on, `enabled: false\n    ${on}`);
    const { stdout } = await printedBy(() =>
      runRulesExplain('intent.pricing-page', rules, { json: true }),
    );
    expect(JSON.parse(stdout)).toMatchObject({
      enabled: false,
      reads: ['signals.count("pricing_viewed", 30d)'],
    });
  });

  it('names the closest rule', async () => {
    const { code, stderr } = await printedBy(() =>
      runRulesExplain('intent.pricing-pgae', SEED, { json: false }),
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Did you mean "intent.pricing-page"?'),
    ]);
  });
});

describe('firstcall rules diff', () => {
  it('is silent about the same, and names each thing that differs', async () => {
    expect((await printedBy(() => runRulesDiff(SEED, SEED, { json: false }))).code).toBe(0);
    const rules = await changed('intent.yml', 'points: 15\n    decay', 'points: 12\n    decay');
    const { code, stdout } = await printedBy(() => runRulesDiff(SEED, rules, { json: false }));
    expect([code, stdout]).toEqual([1, '~ intent.pricing-page points: 15 -> 12\n']);
    const model = await changed(
      'model.yml',
      'mql: # from here on marketing calls a lead qualified\n  points: 50',
      'mql:\n  points: 55',
    );
    const thresholds = await printedBy(() => runRulesDiff(SEED, model, { json: true }));
    expect(JSON.parse(thresholds.stdout)).toEqual({
      added: [],
      removed: [],
      changed: [{ what: 'model.yml mql.points', before: '50', after: '55' }],
    });
  });

  it('sees a new rule and a removed one', async () => {
    const renamed = await changed('fit.yml', 'id: fit.email.free', 'id: fit.email.free-mail');
    const { stdout } = await printedBy(() => runRulesDiff(SEED, renamed, { json: true }));
    expect(JSON.parse(stdout)).toMatchObject({
      added: ['fit.email.free-mail'],
      removed: ['fit.email.free'],
    });
  });

  it('sees a floor that became a ceiling', async () => {
    const rules = await changed('disqualify.yml', 'floors:', 'ceilings:');
    const { code, stdout } = await printedBy(() => runRulesDiff(SEED, rules, { json: false }));
    expect([code, stdout]).toEqual([1, '~ floor.named-account kind: "floor" -> "ceiling"\n']);
  });

  it('keeps a group apart from a team of the same name', async () => {
    const before = await changed('intent.yml', 'product-usage', 'growth');
    const after = await changed('intent.yml', 'cap: 20', 'cap: 5', before);
    const { code, stdout } = await printedBy(() => runRulesDiff(before, after, { json: false }));
    expect([code, stdout]).toEqual([1, '~ group growth cap: 20 -> 5\n']);
  });

  it('sees a new order where order is meaning, whatever else differs', async () => {
    const seniority = await moved(
      'fit.yml',
      'fit.seniority.manager',
      'fit.seniority.decision-maker',
    );
    expect(await printedBy(() => runRulesDiff(SEED, seniority, { json: false }))).toMatchObject({
      code: 0,
      stdout: 'The rules say the same.\n',
    });
    const buckets = await moved('fit.yml', 'fit.company-size.tiny', 'fit.company-size.small');
    const both = await moved('routing.yml', 'route.senior-and-hot', 'route.enterprise', buckets);
    const rules = await changed('fit.yml', 'why: Runs a team', 'why: Leads a team', both);
    const { stdout } = await printedBy(() => runRulesDiff(SEED, rules, { json: true }));
    const sizes = (...names: string[]) =>
      JSON.stringify(names.map((name) => `fit.company-size.${name}`));
    const routes = (...names: string[]) => JSON.stringify(names.map((name) => `route.${name}`));
    expect(JSON.parse(stdout).changed).toEqual([
      { what: 'fit.seniority.manager why', before: '"Runs a team"', after: '"Leads a team"' },
      {
        what: 'order of the routes',
        before: routes('named-accounts', 'enterprise', 'senior-and-hot', 'everyone-else'),
        after: routes('named-accounts', 'senior-and-hot', 'enterprise', 'everyone-else'),
      },
      {
        what: 'order in group company-size',
        before: sizes('enterprise', 'mid-market', 'small', 'tiny'),
        after: sizes('enterprise', 'mid-market', 'tiny', 'small'),
      },
    ]);
  });
});

it('every rules command says as JSON why rules do not compile, when asked for JSON', async () => {
  const rules = await changed('fit.yml', 'company.employees >= 1000', 'company.employes >= 1000');
  const problem = {
    ...{ severity: 'error', file: 'fit.yml', line: 12 },
    message: 'Unknown field "company.employes"',
  };
  const json = { json: true };
  const check = await printedBy(() => runRulesCheck(rules, json));
  expect(JSON.parse(check.stdout)).toMatchObject({ ok: false, problems: [problem] });
  const printed = [
    await printedBy(() => runRulesTest(rules, json)),
    await printedBy(() => runRulesExplain('fit.email.free', rules, json)),
    await printedBy(() => runRulesDiff(SEED, rules, json)),
  ];
  expect(printed.map(({ code }) => code)).toEqual([1, 1, 2]);
  for (const { stdout, stderr } of printed) {
    const told = { ok: false, problems: [{ folder: rules, ...problem }] };
    expect([JSON.parse(stdout), stderr]).toMatchObject([told, '']);
  }
  const words = await printedBy(() => runRulesDiff(rules, rules, { json: false }));
  expect([words.stdout, words.stderr.split(problem.message).length]).toEqual(['', 3]);
});

it('firstcall rules schema prints the schema, and a wrong command the closest', async () => {
  const { stdout } = await printedBy(async () => runRulesSchema());
  expect(JSON.parse(stdout)).toEqual(
    JSON.parse(await readFile(join(SEED, 'rules.schema.json'), 'utf8')),
  );
  const asked = await runCli(['rules', 'schema', '--json']);
  expect(asked).toEqual({ code: 0, stdout, stderr: '' });
  const { code, stderr } = await runCli(['rules', 'chekc']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('check')]);
});

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BacktestCommandOptions, runBacktestCommand } from '../../src/cli/backtest/command.ts';
import { printedBy } from '../support/cli.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PACK = join(PROJECT, 'examples/bank-marketing');
const BANK_DATA = join(PROJECT, '../shared/data/uci-bank-marketing.csv');

const MAPPING = `
missing: [n/a]
outcome: { converted: [won], not_converted: [lost] }
fields:
  title: { column: job title, missing: [none] }
  employees: size
  country: { cel: 'row.place.startsWith("DE") ? "Germany" : "France"' }
signals:
  - { kind: trial_started, at: viewed }
`;
const HEAD = 'job title,size,place,viewed,created,result';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstcall-backtest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function backtest(
  lines: readonly string[],
  options: Partial<BacktestCommandOptions> & { mapping?: string; head?: string; end?: string } = {},
) {
  const { mapping = MAPPING, head = HEAD, end = '\n', ...rest } = options;
  const csv = await write('leads.csv', `${[head, ...lines].join(end)}${end}`);
  const map = await write('mapping.yml', mapping);
  const rules = join(PROJECT, 'scoring-rules');
  const run = { map, rules, outcome: 'result', time: 'created', json: true, ...rest };
  return printedBy(() => runBacktestCommand(csv, run));
}

const VP = 'VP Sales,1200,DE-Berlin,2026-02-28,2026-03-02,won';
const NOBODY = 'none,n/a,FR,n/a,2026-03-02,lost';

describe('firstcall backtest', () => {
  it('scores each row as of its own time, through columns, markers and expressions', async () => {
    const late = VP.replace('2026-03-02', '2026-08-02');
    const { code, stdout } = await backtest([VP, late, NOBODY, NOBODY]);
    expect(code).toBe(0);
    const { result, broken } = JSON.parse(stdout);
    expect(broken.count).toBe(0);
    const fired = Object.fromEntries(
      result.rules.map((rule: { ruleId: string; fired: number; unknown: number }) => [
        rule.ruleId,
        [rule.fired, rule.unknown],
      ]),
    );
    expect(fired['fit.company-size.enterprise']).toEqual([2, 2]);
    expect(fired['fit.seniority.decision-maker']).toEqual([2, 2]);
    // Two days before the first, five months before the second.
    expect(fired['intent.usage.trial']).toEqual([1, 0]);
    expect(result.periods.map(({ period }: { period: string }) => period)).toEqual([
      '2026-03',
      '2026-08',
    ]);
    expect(result.auc.value).toBe(1);
  });

  it('counts and names broken lines, and goes on', async () => {
    const { code, stdout } = await backtest([
      VP,
      'only,two',
      VP.replace('won', 'perhaps'),
      VP.replace('2026-03-02', 'last spring'),
      VP.replace('won', 'n/a'),
      NOBODY,
    ]);
    expect(code).toBe(0);
    const { result, broken } = JSON.parse(stdout);
    expect(result.n).toBe(2);
    expect(broken).toEqual({
      count: 4,
      problems: [
        { problem: 'it has another number of cells than the header', count: 1, lines: [3] },
        { problem: 'its outcome is none that the mapping names', count: 1, lines: [4] },
        { problem: 'its time cannot be read', count: 1, lines: [5] },
        { problem: 'it has no outcome', count: 1, lines: [6] },
      ],
    });
  });

  it.each([
    ['a quote in a cell', '"VP" Sales', 'text follows a closing quote'],
    ['a quote that stays open', '"VP Sales', 'a quote is left open'],
    ['quotes inside a cell', 'VP "of" Sales', 'a quote stands inside a cell without quotes'],
  ])('loses one line to %s, and names that one alone', async (_, title, problem) => {
    const rows: string[] = Array.from({ length: 40 }, (__, row) => (row % 2 === 0 ? VP : NOBODY));
    rows.splice(5, 0, VP.replace('VP Sales', title));
    const { stdout } = await backtest(rows);
    const { result, broken } = JSON.parse(stdout);
    expect(result.n).toBe(40);
    expect(broken).toEqual({ count: 1, problems: [{ problem, count: 1, lines: [7] }] });
  });

  it('goes on after a quote that takes in cells with quotes of their own', async () => {
    const quoted = VP.replace('VP Sales', '"VP, ""big"" Sales"');
    const open = VP.replace('VP Sales', '"VP Sales');
    const { stdout } = await backtest([VP, open, VP, quoted, NOBODY, quoted]);
    const { result, broken } = JSON.parse(stdout);
    expect(result.n).toBe(5);
    expect(broken.problems).toMatchObject([{ count: 1, lines: [3] }]);
  });

  it('gives up a quote that stays open for a megabyte, in a file of any length', async () => {
    const rows = new Array<string>(700).fill(NOBODY.replace('FR', 'x'.repeat(2_000)));
    rows[1] = VP.replace('VP Sales', '"VP Sales');
    rows[600] = `"${'x'.repeat(9_000_000)}`;
    const { stdout } = await backtest(rows);
    const { result, broken } = JSON.parse(stdout);
    expect(result.n).toBe(698);
    expect(broken.problems).toEqual([
      { problem: 'it is too long: is a quote left open?', count: 2, lines: [3, 602] },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])(
    'reads cells of several lines where lines end with %j',
    async (end) => {
      const message = VP.replace('VP Sales', `"VP${end}${end}Sales"`);
      const { stdout } = await backtest([`${message}${end}${end}only,two${end}${NOBODY}`], { end });
      const { result, broken } = JSON.parse(stdout);
      expect(result.n).toBe(2);
      // The header, three lines of one cell, one empty line.
      expect(broken.problems).toMatchObject([{ count: 1, lines: [6] }]);
    },
  );

  it('prints a table, and one page that loads nothing and escapes what it shows', async () => {
    const html = join(folder, '<b>page.html');
    const { stdout } = await backtest([VP, NOBODY], { json: false, html });
    expect(stdout).toContain('2 leads, withheld converted');
    expect(stdout).toContain('Ranking quality (AUC): not known');
    expect(stdout).toContain('Whether better tiers convert better is not known');
    expect(stdout).toMatch(/10 % +1 +withheld/);
    const page = await readFile(html, 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|https?:|src=|@import/);
  });

  it('leaves out the first rows when asked', async () => {
    const { stdout } = await backtest([VP, VP, NOBODY], { skip: '2' });
    expect(JSON.parse(stdout).result.n).toBe(1);
    const broken = await backtest([VP, 'only,two', VP, NOBODY], { skip: '3' });
    expect(JSON.parse(broken.stdout)).toMatchObject({ result: { n: 1 }, broken: { count: 0 } });
    expect((await backtest([VP], { skip: 'two' })).stderr).toContain('--skip takes a whole number');
  });

  it.each([
    [
      MAPPING.replace('employees: size', 'employees: sise'),
      'no column "sise"',
      'Did you mean "size"?',
    ],
    [MAPPING.replace('title:', 'tittle:'), 'no field "tittle"', 'Did you mean "title"?'],
    [
      MAPPING.replace('title:', 'custom.plan:'),
      'no field "custom.plan"',
      'under "fields" in model.yml',
    ],
    [MAPPING.replace('trial_started', 'trial_start'), 'send "trial_start"', '"trial_started"?'],
    [MAPPING.replace('row.place', 'row.place +'), 'mapping.yml:7:', 'row.column'],
    [MAPPING.replace('signals:', 'signal:'), 'signal', 'Did you mean "signals"?'],
  ])('says where a mapping is wrong (%#)', async (mapping, message, hint) => {
    const { code, stderr } = await backtest([VP], { mapping });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('takes a kind of signal that the file does not hold for unknown', async () => {
    const mapping = MAPPING.slice(0, MAPPING.indexOf('signals:'));
    const { stdout } = await backtest([VP, NOBODY], { mapping });
    const rules: { ruleId: string; unknown: number }[] = JSON.parse(stdout).result.rules;
    expect(rules.find(({ ruleId }) => ruleId === 'intent.usage.trial')?.unknown).toBe(2);
  });

  it('ranks stopped leads last and counts what each stop does', async () => {
    const student = VP.replace('VP Sales', 'Student').replace('won', 'lost');
    const rows = Array.from({ length: 10 }, () => [VP, student]).flat();
    const { result } = JSON.parse((await backtest(rows)).stdout);
    expect(result.auc.value).toBe(1);
    const rules: { ruleId: string }[] = result.rules;
    expect(rules.find(({ ruleId }) => ruleId === 'stop.student')).toMatchObject({
      fired: 10,
      whenFired: { hits: 0, n: 10 },
    });
    expect(rules.map(({ ruleId }) => ruleId)).toContain('floor.named-account');
    const html = join(folder, 'stopped.html');
    const { stdout } = await backtest(rows, { json: false, html });
    expect(stdout).toContain('10 stopped leads are not on it: they rank last.');
    expect(await readFile(html, 'utf8')).toContain('they rank last.');
  });

  it('does not praise tiers that convert the same', async () => {
    const rows = Array.from({ length: 10 }, () => [VP, NOBODY.replace('lost', 'won')]).flat();
    const { stdout } = await backtest(rows, { json: false });
    expect(stdout).toMatch(/Tiers [A-C] and [B-D] convert the same\./);
    expect(stdout).not.toContain('as they should');
  });

  it('says how to map outcomes of which none is read as converted', async () => {
    const rows = ['Closed Won', 'Closed Lost', 'Open'].map((text) => VP.replace('won', text));
    const words =
      'No outcome is read as "converted": the file has "Closed Won", "Closed Lost", "Open".';
    const unnamed = MAPPING.replace('outcome: { converted: [won], not_converted: [lost] }', '');
    const refused = await backtest(rows, { mapping: unnamed });
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(words);
    expect(refused.stderr).toContain('outcome: { converted: [Closed Won] }');
    // The person said what converted is: that none did may be so.
    const html = join(folder, 'none.html');
    const mapping = MAPPING.replace(', not_converted: [lost]', '');
    const told = await backtest(rows, { mapping, json: false, html });
    expect([told.code, told.stdout]).toEqual([0, expect.stringContaining(words)]);
    expect(await readFile(html, 'utf8')).toContain(
      '&quot;Closed Won&quot;, &quot;Closed Lost&quot;',
    );
    const named = MAPPING.replace('[won], not_converted: [lost]', '[closed won]');
    expect((await backtest(rows, { mapping: named })).code).toBe(0);
  });

  it.each([
    ['size,size', 6],
    ['size,place,place', 7],
    ['size,viewed,viewed', 9],
    ['size,result,result', 3],
  ])('refuses a column that it reads and that is there twice (%s)', async (columns, line) => {
    const rest = HEAD.split(',').filter((column) => !columns.includes(column));
    const { code, stderr } = await backtest([VP], { head: `${columns},${rest.join(',')}` });
    const name = columns.split(',').at(-1);
    expect(code).toBe(1);
    expect(stderr).toContain(`mapping.yml:${line}:`);
    expect(stderr).toContain(`The file has more than one column "${name}"`);
  });

  it('takes a signal whose time cannot be read for unknown, and says so', async () => {
    const garbage = VP.replace('2026-02-28', 'on 2026-02-28 by web');
    const { stdout } = await backtest([VP, garbage, garbage, NOBODY]);
    const { result, unread } = JSON.parse(stdout);
    const rules: { ruleId: string; fired: number; unknown: number }[] = result.rules;
    expect(rules.find(({ ruleId }) => ruleId === 'intent.usage.trial')).toMatchObject({
      fired: 1,
      unknown: 2,
    });
    const problem = 'column "viewed" holds no time that can be read';
    expect(unread).toEqual({ count: 2, problems: [{ problem, count: 2, lines: [3, 4] }] });
    const table = await backtest([VP, garbage, NOBODY], { json: false });
    expect(table.stdout).toContain('1 signal times not read');
    expect(table.stdout).toContain(`${problem}: line 3`);
  });

  it.each([
    ['viewed }', '2026-02-28'],
    ['viewed, format: dd/MM/yyyy }', '28/02/2026'],
  ])('reads the times of signals in their own format (%#)', async (column, viewed) => {
    const mapping = `${MAPPING.replace('viewed }', column)}time: { format: yyyy-MM }\n`;
    const row = VP.replace('2026-02-28', viewed).replace('2026-03-02', '2026-03');
    const { stdout } = await backtest([row], { mapping });
    const { result, unread } = JSON.parse(stdout);
    const rules: { ruleId: string; fired: number }[] = result.rules;
    expect(rules.find(({ ruleId }) => ruleId === 'intent.usage.trial')?.fired).toBe(1);
    expect(unread.count).toBe(0);
  });

  it('says where the page cannot be written', async () => {
    const { code, stderr } = await backtest([VP], { html: join(folder, 'nowhere/page.html') });
    expect([code, stderr]).toEqual([2, expect.stringContaining('page.html cannot be written')]);
  });

  it('says which file cannot be read', async () => {
    const options = { map: join(folder, 'none.yml'), rules: join(PROJECT, 'scoring-rules') };
    const { code, stderr } = await printedBy(() => runBacktestCommand('none.csv', options));
    expect([code, stderr]).toEqual([2, expect.stringContaining('none.yml cannot be read')]);
    const map = await write('mapping.yml', MAPPING);
    const ofFolder = await printedBy(() => runBacktestCommand(folder, { ...options, map }));
    expect([ofFolder.code, ofFolder.stderr]).toEqual([
      2,
      `${folder} is a folder: name the CSV file in it.\n`,
    ]);
    const empty = await backtest([], { head: '' });
    expect([empty.code, empty.stderr]).toEqual([
      2,
      expect.stringContaining('no line of column names'),
    ]);
  });
});

describe('the bank marketing pack', () => {
  const hasData = existsSync(BANK_DATA);
  if (!hasData)
    process.stdout.write('skipped: the bank marketing file is not beside the project\n');

  it.skipIf(!hasData)('ranks the last 30 % in time as well as a fitted scorecard', async () => {
    const options = {
      map: join(PACK, 'mapping.yml'),
      rules: join(PACK, 'rules'),
      // The first 70 % are what the points were fitted on.
      skip: '28831',
      json: true,
    };
    const { code, stdout } = await printedBy(() => runBacktestCommand(BANK_DATA, options));
    expect(code).toBe(0);
    const { result, broken } = JSON.parse(stdout);
    expect(broken.count).toBe(0);
    expect(result.n).toBe(12_357);
    // An integer scorecard on the same split reaches .666.
    expect(result.auc.value).toBeGreaterThan(0.666 - 0.02);
    expect(result.outOfOrder).toEqual([]);
  });
});

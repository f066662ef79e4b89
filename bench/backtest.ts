import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCsv } from '../src/cli/backtest/read-csv.ts';
import { readCsvFormat, readMapping } from '../src/cli/backtest/read-mapping.ts';
import { runBacktest } from '../src/cli/backtest/run-backtest.ts';
import { loadMailDomains } from '../src/intake/load-mail-domains.ts';
import { readRulesFolder } from '../src/records/rules-folder.ts';
import { compileFiles } from '../test/support/compile-files.ts';
import { createRandom } from '../test/support/reliability/random.ts';

const SEED = 20_260_301;
const NOW = new Date('2026-06-03T10:00:00.000Z');
const MAPPING = `
missing: [unknown]
outcome: { converted: [won], not_converted: [lost] }
fields:
  email: email
  title: title
  company: company
  employees: employees
  country: country
  industry: industry
  message: message
signals:
  - { kind: pricing_viewed, at: last_pricing_view }
`;
const TITLES = ['VP Sales', 'Marketing Manager', 'Student', 'CEO', 'Engineer', 'unknown'];
const COUNTRIES = ['US', 'Germany', 'FR', 'Japan', 'unknown'];
const INDUSTRIES = ['Software', 'Retail', 'Farming', 'unknown'];
const MESSAGES = ['We would like a demo.', 'What does it cost?', '', 'Are you hiring?'];

/** A file of past leads through mapping, cleaning and the project's own rules: time and peak memory. */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, number>> {
  const rows = quick ? 50_000 : 1_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'firstcall-bench-'));
  try {
    const path = join(folder, 'leads.csv');
    await writeLeads(path, rows);
    const ruleset = compileFiles(await readRulesFolder('scoring-rules'));
    const startedAt = performance.now();
    const format = readCsvFormat('mapping.yml', MAPPING);
    if (Array.isArray(format)) throw new Error(JSON.stringify(format));
    const csv = await openCsv(path, format);
    const context = {
      columns: csv.columns,
      ruleset,
      outcome: 'outcome',
      time: 'created',
    };
    const mapping = readMapping('mapping.yml', MAPPING, context);
    if (Array.isArray(mapping)) throw new Error(JSON.stringify(mapping));
    const { result } = await runBacktest({
      ...{ csv, mapping, ruleset, skip: 0, now: NOW },
      mailDomains: loadMailDomains(),
      onRow() {},
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    if (result.n !== rows) throw new Error(`${result.n} of ${rows} rows were scored`);
    // maxRSS is in kilobytes; it holds the writing of the file as well.
    return { rows, seconds, peak_rss_mb: process.resourceUsage().maxRSS / 1_024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeLeads(path: string, rows: number): Promise<void> {
  const random = createRandom(SEED);
  const pick = (from: readonly string[]) => from[random.below(from.length)] ?? '';
  const file = createWriteStream(path);
  const head =
    'email,title,company,employees,country,industry,message,created,last_pricing_view,outcome';
  file.write(`${head}\n`);
  for (let row = 0; row < rows; row += 1) {
    const created = new Date(NOW.getTime() - random.below(700) * 86_400_000);
    const viewed = new Date(created.getTime() - random.below(40) * 86_400_000);
    const cells = [
      `person${row}@sample${row % 5_000}.example`,
      pick(TITLES),
      `Sample Company ${row % 5_000}`,
      pick(['unknown', String(1 + random.below(5_000))]),
      pick(COUNTRIES),
      pick(INDUSTRIES),
      pick(MESSAGES),
      created.toISOString(),
      pick(['unknown', viewed.toISOString()]),
      random.below(10) === 0 ? 'won' : 'lost',
    ];
    if (!file.write(`${cells.join(',')}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { INTAKE_PROBLEM_CODES } from '../../src/intake/intake-problem.ts';
import { HELD_REASONS } from '../../src/lead/held-reason.ts';
import { LEAD_STATES } from '../../src/lead/lead.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { DEFAULT_SALESFORCE_FIELDS } from '../../src/write-back/salesforce-fields.ts';
import { ROOT, readFiles, readOne, type SourceFile } from './source-files.ts';

describe('docs/operations.md', () => {
  let text: string;
  beforeAll(async () => {
    text = await readOne('docs/operations.md');
  });

  it('explains every metric of ours, and no other', async () => {
    const metrics = await createMetrics().registry.getMetricsAsJSON();
    const ours = metrics.map(({ name }) => name).filter((name) => name.startsWith('firstcall_'));
    expect(firstColumn(text, /^firstcall_/)).toEqual(ours.sort());
  });

  it('explains every reason for which something is held', async () => {
    const src = await readFiles('src/{records,intake}/*.ts');
    const others = ['disqualified', 'cannot-be-scored', 'could-not-be-processed'];
    for (const reason of others) {
      expect(
        src.some((file) => file.text.includes(`'${reason}'`)),
        reason,
      ).toBe(true);
    }
    const section = text.slice(text.indexOf('## Held leads'), text.indexOf('## Notices'));
    expect(firstColumn(section, /^[a-z-]+$/)).toEqual([...HELD_REASONS, ...others].sort());
  });

  it('explains every notice', async () => {
    const src = await readFiles('src/**/*.ts');
    const kinds = src.flatMap((file) =>
      [...file.text.matchAll(/\bnoticeKind: '([\w-]+)'|\? '(crm_\w+)' : '(crm_\w+)'/g)].flatMap(
        (match) => match.slice(1).filter((kind) => kind !== undefined),
      ),
    );
    const section = text.slice(text.indexOf('## Notices'), text.indexOf('## Refused webhooks'));
    expect(firstColumn(section, /^[\w-]+$/)).toEqual([...new Set(kinds)].sort());
  });

  it('explains every refusal of a webhook', () => {
    const section = text.slice(text.indexOf('## Refused webhooks'));
    expect(INTAKE_PROBLEM_CODES.filter((code) => !section.includes(`\`${code}\``))).toEqual([]);
  });
});

describe('docs/security.md', () => {
  it('has every table in its data map, and no other', async () => {
    const schema = await readOne('src/platform/postgres/schema.sql');
    const tables = [...schema.matchAll(/^create table (\w+) \(/gm)].map((match) => match[1] ?? '');
    const text = await readOne('docs/security.md');
    const map = text.slice(text.indexOf('## Data map'), text.indexOf('## Erasing a person'));
    expect(firstColumn(map, /^\w+$/)).toEqual(
      [...new Set([...tables, 'schema_migrations'])].sort(),
    );
  });
});

describe('docs/glossary.md', () => {
  it('names the states of a lead', async () => {
    const text = await readOne('docs/glossary.md');
    const rows = text.slice(text.indexOf('**States of a lead**'));
    expect([...rows.matchAll(/^\| (\w+) +\|/gm)].map((match) => match[1]).sort()).toEqual(
      ['state', ...LEAD_STATES].sort(),
    );
  });
});

describe('README.md', () => {
  it('lists the Salesforce fields that we write', async () => {
    const text = await readOne('README.md');
    const fields = Object.values({ ...DEFAULT_SALESFORCE_FIELDS });
    expect(firstColumn(text, /^First_Call_/)).toEqual(
      fields.filter((name) => name !== null).sort(),
    );
  });

  it('quotes errors as the code says them', async () => {
    const readme = await readOne('README.md');
    const table = readme.slice(readme.indexOf('## Troubleshooting'));
    const sources = [...(await readFiles('src/**/*.ts')), ...(await readFiles('bin/*.js'))];
    const code = sources.map((file) => file.text).join('\n');
    const quoted = [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '');
    expect(quoted.length).toBeGreaterThan(15);
    const pieces = quoted.flatMap((sentence) => sentence.split('...').map((piece) => piece.trim()));
    expect(pieces.filter((piece) => piece.length > 3 && !code.includes(piece))).toEqual([]);
  });

  it('names only commands of /firstcall that there are', async () => {
    const commands = await readFiles('src/delivery/listeners/commands/*.ts');
    const names = commands.flatMap((file) =>
      [...file.text.matchAll(/^\s+name: '([a-z-]+)',$/gm)].map((match) => match[1]),
    );
    const pages = [...(await readFiles('docs/*.md')), ...(await readFiles('*.md'))];
    const wrong = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\/firstcall ([a-z]+(?:-[a-z]+)*)/g)]
        .map((match) => match[1])
        .filter((name) => !names.includes(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('every page', () => {
  it('links to files and headings that exist', async () => {
    const pages = await readFiles('*.md', 'docs/**/*.md', 'scoring-rules/*.md', 'demo/**/*.md');
    const wrong = pages.flatMap((page) =>
      linksOf(page.text)
        .filter((link) => !leadsSomewhere(page, link, pages))
        .map((link) => `${page.path}: ${link}`),
    );
    expect(wrong).toEqual([]);
  });

  it('names scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readOne('package.json')) as { scripts: object };
    const pages = await readFiles('*.md', 'docs/**/*.md', 'scoring-rules/*.md');
    const named = pages.flatMap((page) =>
      [...page.text.matchAll(/\bnpm run ([a-z:]+)/g)].map((match) => match[1] ?? ''),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** What stands in code marks in the first cell of a table's rows, where it matches; sorted. */
function firstColumn(text: string, pattern: RegExp): string[] {
  const cells = [...text.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '');
  return cells.filter((cell) => pattern.test(cell)).sort();
}

function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^(https?|mailto):/.test(link));
}

function leadsSomewhere(page: SourceFile, link: string, pages: SourceFile[]): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page.path : join(dirname(page.path), path).replaceAll('\\', '/');
  if (!existsSync(join(ROOT, target))) return false;
  if (anchor === undefined) return true;
  const text = pages.find((each) => each.path === target)?.text ?? '';
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => slugOf(match[1] ?? ''));
  return headings.includes(anchor);
}

/** As GitHub names the anchor of a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

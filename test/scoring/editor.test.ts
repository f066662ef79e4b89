import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedFiles } from '../support/seed-rules.ts';
import { type Diagnostic, startYamlEditor, type YamlEditor } from '../support/yaml-editor.ts';

// What an editor shows of rule files, without settings: each file names its part of the schema itself.

let editor: YamlEditor;

beforeAll(async () => {
  editor = await startYamlEditor();
});

afterAll(() => editor.close());

const FOLDER = new URL('../../scoring-rules/', import.meta.url).pathname;

/** The line at the top of the seed file, by which editors find the schema. */
function modeline(file: string): string {
  return `${(seedFiles()[file] ?? '').split('\n')[0]}\n`;
}

/** "line:column what is wrong", as people count. */
function redLines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .map(({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`)
    .sort();
}

/** What the editor offers at the mark, in a file with the modeline of `file` at its top. */
async function offered(file: string, marked: string): Promise<string[]> {
  const text = modeline(file) + marked;
  const before = text.slice(0, text.indexOf('^')).split('\n');
  const path = `${FOLDER}${offeredFiles++}-${file}`;
  await editor.open(path, text.replace('^', ''));
  const line = before.length - 1;
  const labels = await editor.complete(path, { line, character: before[line]?.length ?? 0 });
  // A snippet of everything that is required, which the server adds.
  return labels.filter((label) => label !== 'object');
}

let offeredFiles = 0;

describe('an editor', () => {
  it.each(Object.keys(seedFiles()))('finds nothing wrong with %s', async (file) => {
    expect(redLines(await editor.open(FOLDER + file, seedFiles()[file] ?? ''))).toEqual([]);
  });

  it('underlines what is wrong with a rule, where it is', async () => {
    const text = `${modeline('fit.yml')}groups:
  - { id: size, pick: frist }
rules:
  - id: fit.x
    axis: fitt
    whne: company.employees > 5
    points: "5"
    decay: { since: now, half_life: 2 weeks }
`;
    expect(redLines(await editor.open(`${FOLDER}broken-fit.yml`, text))).toEqual([
      '3:23 Value is not accepted. Valid values: "first", "max", "sum".',
      '5:5 Missing property "when".',
      '6:11 Value is not accepted. Valid values: "fit", "intent".',
      '7:5 Property whne is not allowed.',
      '8:13 Incorrect type. Expected "integer".',
      expect.stringMatching(/^9:37 String does not match the pattern/),
    ]);
  });

  it('underlines what is wrong with a test and with a field of your own', async () => {
    const test = `${modeline('fit.test.yml')}tests:
  - name: x
    given: { custom: { plan: pro }, leed: {} }
    expect: { tier: E }
`;
    expect(redLines(await editor.open(`${FOLDER}broken.test.yml`, test))).toEqual([
      '4:37 Property leed is not allowed.',
      '5:21 Value is not accepted. Valid values: "A", "B", "C", "D".',
    ]);
    const model = `${seedFiles()['model.yml']}fields:\n  plan: { type: text }\n`;
    const line = model.split('\n').length - 1;
    expect(redLines(await editor.open(`${FOLDER}broken-model.yml`, model))).toEqual([
      `${line}:17 Value is not accepted. Valid values: "string", "int", "double", "bool".`,
    ]);
  });

  it('offers the keys of fit.yml at its top, and of no other file', async () => {
    expect(await offered('fit.yml', '^\n')).toEqual(['groups', 'rules']);
    expect(await offered('disqualify.yml', '^\n')).toEqual(['stops', 'floors', 'ceilings']);
  });

  it('offers what a rule can still say', async () => {
    const keys = await offered('fit.yml', 'rules:\n  - id: fit.x\n    points: 5\n    ^\n');
    expect(keys.sort()).toEqual(
      ['axis', 'decay', 'enabled', 'expires', 'group', 'note', 'owner', 'when', 'why'].sort(),
    );
  });

  it('offers the ways to pick in a group', async () => {
    const values = await offered('intent.yml', 'groups:\n  - id: x\n    pick: ^\nrules: []\n');
    expect(values).toEqual(['first', 'max', 'sum']);
  });

  it('offers the ways to assign in a team', async () => {
    const values = await offered('routing.yml', 'teams:\n  - id: x\n    assignment: ^\n');
    expect(values).toEqual(['round_robin', 'least_open', 'crm_owner']);
  });

  it('offers what a tier can say', async () => {
    const keys = await offered('model.yml', 'tiers:\n  A:\n    ^\n');
    expect(keys).toEqual(['points', 'fit', 'intent', 'sla_minutes']);
  });
});

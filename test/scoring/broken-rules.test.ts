import { describe, expect, it } from 'vitest';
import type { RuleFiles, RuleProblem } from '../../src/scoring/compile-ruleset.ts';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { seedFiles } from '../support/seed-rules.ts';

/** The seed rules with one file replaced, without their tests. */
function problemsOf(change: RuleFiles): RuleProblem[] {
  const files = Object.entries(seedFiles()).filter(([name]) => !name.endsWith('.test.yml'));
  const result = compileRuleset(
    { ...Object.fromEntries(files), ...change },
    { version: 1, hash: 'h' },
  );
  return result.ok ? result.warnings : result.problems;
}

function fitFile(text: string): RuleFiles {
  return { 'fit.yml': text };
}

/** A fit file whose only rule has this condition, at line 4, column 11. */
function when(condition: string): RuleFiles {
  return fitFile(`rules:\n  - id: fit.x\n    axis: fit\n    when: ${condition}\n    points: 5\n`);
}

/** The first team of the seed rules with these lines more. */
function escalation(...lines: string[]): RuleFiles {
  const text = (seedFiles()['routing.yml'] ?? '').replace(
    '    label: Enterprise\n',
    `    label: Enterprise\n    escalation:\n${lines.map((line) => `      ${line}\n`).join('')}`,
  );
  return { 'routing.yml': text };
}

function model(from: string | RegExp, to: string): RuleFiles {
  return { 'model.yml': (seedFiles()['model.yml'] ?? '').replace(from, to) };
}

const BROKEN: [string, RuleFiles, Partial<RuleProblem>][] = [
  [
    'a time left that is neither a share nor minutes',
    escalation('rep: 1h'),
    { file: 'routing.yml', line: 8, column: 12 },
  ],
  [
    'a tab',
    fitFile('rules:\n\t- id: fit.x\n'),
    { file: 'fit.yml', line: 2, column: 1, message: 'A tab is used to indent: use spaces' },
  ],
  [
    'an unknown key',
    fitFile('rules:\n  - id: fit.x\n    axis: fit\n    whne: "true"\n    points: 5\n'),
    {
      file: 'fit.yml',
      line: 4,
      column: 5,
      message: 'Unknown key "whne"',
      hint: 'Did you mean "when"?',
    },
  ],
  [
    'a key twice',
    fitFile(
      'rules:\n  - id: fit.x\n    axis: fit\n    when: "true"\n    points: 5\n    points: 6\n',
    ),
    { file: 'fit.yml', line: 6, column: 5, message: 'This key stands twice in the same place' },
  ],
  [
    'an anchor',
    fitFile('rules: &all\n  - { id: fit.x, axis: fit, when: "true", points: 5 }\n'),
    { file: 'fit.yml', line: 1, message: 'Anchors (&name) are not allowed: write the value out' },
  ],
  [
    'a merge key',
    fitFile('rules:\n  - { id: fit.x, axis: fit, when: "true", points: 5, <<: { note: x } }\n'),
    { file: 'fit.yml', line: 2, column: 54, message: 'The key "<<" is not allowed' },
  ],
  [
    'points that are not whole',
    fitFile('rules:\n  - { id: fit.x, axis: fit, when: "true", points: 5.5 }\n'),
    {
      file: 'fit.yml',
      line: 2,
      column: 51,
      message: '"points" must be a whole number from -100 to 100, this is 5.5',
    },
  ],
  [
    'a missing key',
    fitFile('rules:\n  - { id: fit.x, axis: fit, points: 5 }\n'),
    { file: 'fit.yml', line: 2, message: '"when" is missing' },
  ],
  [
    'the same id twice',
    fitFile(
      'rules:\n  - { id: fit.x, axis: fit, when: "true", points: 5 }\n  - { id: fit.x, axis: fit, when: "true", points: 5 }\n',
    ),
    {
      file: 'fit.yml',
      line: 3,
      column: 11,
      message: 'The id "fit.x" is already used at fit.yml:2',
    },
  ],
  [
    'an unknown group',
    fitFile(
      'groups:\n  - { id: size, pick: first }\nrules:\n  - { id: fit.x, axis: fit, group: siez, when: "true", points: 5 }\n',
    ),
    { line: 4, message: 'Unknown group "siez"', hint: 'Did you mean "size"?' },
  ],
  [
    'a condition that is no condition',
    when('company.employees'),
    {
      line: 4,
      column: 11,
      message: 'A condition must be true or false, this is a whole number (int)',
    },
  ],
  [
    'a decimal compared with a whole number',
    when('company.annual_revenue == 5'),
    { line: 4, column: 11, hint: 'Write 5.0 instead of 5.' },
  ],
  [
    'a text compared with a number',
    when('lead.seniority == 5'),
    {
      line: 4,
      message:
        '"==" does not fit here: the left side is text, the right side is a whole number (int)',
    },
  ],
  [
    'one equals sign',
    when('company.employees = 5'),
    { line: 4, column: 29, hint: 'Write == to compare.' },
  ],
  [
    'an expression that stops',
    when('company.employees >'),
    { line: 4, message: 'The expression ends too early' },
  ],
  [
    'a problem on the second line of a block',
    fitFile(
      'rules:\n  - id: fit.x\n    axis: fit\n    when: |\n      company.employees > 5 &&\n        lead.citty == "X"\n    points: 5\n',
    ),
    { line: 6, column: 14, message: 'Unknown field "lead.citty"' },
  ],
  ['a pattern that RE2 refuses', when(`lead.country.matches("(?=a)")`), { line: 4, column: 32 }],
  [
    'a loop in a loop',
    when(`lead.topics.exists(t, lead.topics.exists(u, u == t))`),
    { line: 4, message: 'A loop inside a loop is not available in rules' },
  ],
  [
    'an expression nested too deeply',
    when(`${'('.repeat(60)}true${')'.repeat(60)}`),
    { line: 4, message: 'The expression is too long or too deeply nested' },
  ],
  [
    'a decay without a time',
    fitFile(
      'rules:\n  - { id: fit.x, axis: fit, when: "true", points: 5, decay: { since: "5", half_life: 14d } }\n',
    ),
    { line: 2, message: 'This must be a time, it is a whole number (int)' },
  ],
  [
    'an unclosed brace in why',
    fitFile(
      'rules:\n  - { id: fit.x, axis: fit, when: "true", points: 5, why: "a {lead.country" }\n',
    ),
    { line: 2, message: 'A brace is not closed' },
  ],
  [
    'caps above 100',
    model('intent: 40', 'intent: 50'),
    {
      file: 'model.yml',
      line: 4,
      message: 'The caps add up to 110: a score is at most 100 points',
    },
  ],
  [
    'tiers upside down',
    model('B: { points: 50', 'B: { points: 80'),
    { file: 'model.yml', message: 'Tier B asks for more points than tier A' },
  ],
  [
    'no catch-all route',
    {
      'routing.yml': (seedFiles()['routing.yml'] ?? '').replace(
        /\n {2}- id: route.everyone-else[\s\S]*$/,
        '\n',
      ),
    },
    { file: 'routing.yml', message: 'A lead could match no route' },
  ],
  ['a missing file', { 'routing.yml': 'teams: [' }, { file: 'routing.yml' }],
  [
    'brackets without end',
    fitFile('['.repeat(100_000)),
    { file: 'fit.yml', line: 1, message: 'Brackets are nested more than 20 deep' },
  ],
];

describe('a broken rule file', () => {
  it.each(BROKEN)('with %s says where and what', (_name, change, expected) => {
    const [first] = problemsOf(change);
    expect(first).toMatchObject({ severity: 'error', ...expected });
  });

  it('does not stop at the first problem', () => {
    const problems = problemsOf({
      ...when('lead.citty == "X"'),
      ...model('intent: 40', 'intent: x'),
    });
    expect(new Set(problems.map((problem) => problem.file))).toEqual(new Set(['model.yml']));
    const text =
      'rules:\n  - { id: a, axis: fit, when: "lead.x", points: 5 }\n  - { id: b, axis: fit, when: "lead.y", points: 5 }\n';
    expect(problemsOf(fitFile(text)).map((problem) => problem.line)).toEqual([2, 3]);
  });

  it('is told from a file that is missing', () => {
    const result = compileRuleset({}, { version: 1, hash: 'h' });
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : result.problems.map((problem) => problem.message)).toContain(
      'fit.yml is missing',
    );
  });
});

describe('an escalation that cannot be meant', () => {
  it.each([
    [['rep: 5m', 'team: 20%'], 'For tier B, team comes before rep, which is then skipped'],
    [
      ['tiers: [C]', 'manager: 300m'],
      'For tier C, manager comes before team, which is then skipped',
    ],
  ])('%j is told', (lines, message) => {
    const warning = { severity: 'warning', file: 'routing.yml', line: 7, message };
    expect(problemsOf(escalation(...lines))).toContainEqual(expect.objectContaining(warning));
  });

  it('asks for the manager who is to be told', () => {
    const files = escalation('manager: 0m');
    const text = (files['routing.yml'] ?? '').replace('    manager: manager@example.com\n', '');
    expect(problemsOf({ 'routing.yml': text })).toContainEqual(
      expect.objectContaining({ message: 'Team "enterprise" has no manager who could be told' }),
    );
    expect(problemsOf(escalation('manager: never', 'rep: [20m, 30%]'))).toEqual([]);
  });
});

describe('the hours of a team', () => {
  it.each([
    ['22:00', '06:00'],
    ['09:00', '09:00'],
  ])('may be a night shift or the whole day: %s to %s', (from, to) => {
    const text = (seedFiles()['routing.yml'] ?? '').replaceAll(
      'from: "09:00", to: "17:30"',
      `from: "${from}", to: "${to}"`,
    );
    expect(text).toContain(from);
    expect(problemsOf({ 'routing.yml': text })).toEqual([]);
  });
});

const TYPOS: [string, string][] = [
  ['company.employes > 5', 'company.employees'],
  ['company.emplyoees > 5', 'company.employees'],
  ['lead.senority == "vp"', 'lead.seniority'],
  ['employees > 5', 'company.employees'],
  ['compny.employees > 5', 'company'],
  ['lead.employees > 5', 'company.employees'],
  ['"demo" in lead.topic', 'lead.topics'],
  ['signals.cuont("pricing_viewed") > 1', 'count'],
  ['lead.country in lists.target_countrys', 'target_countries'],
  ['lead.country.startWith("D")', 'startsWith'],
  ['now - signals.last("pricing_viewed") < dayz(3)', 'days'],
  ['has(lead.contry)', 'lead.country'],
];

const VALUE_TYPOS: [string, string][] = [
  ['lead.seniority == "vicepresident" || lead.seniority == "diretor"', 'director'],
  ['"pricng" in lead.topics', 'pricing'],
  ['signals.has("pricing_view")', 'pricing_viewed'],
];

describe('a typo in a condition', () => {
  it.each(TYPOS)('%s: names what was meant', (condition, meant) => {
    const [first] = problemsOf(when(`'${condition}'`));
    expect(first).toMatchObject({ severity: 'error', line: 4, hint: `Did you mean "${meant}"?` });
  });

  it.each(VALUE_TYPOS)('%s: warns of a value that cannot be', (condition, meant) => {
    const hint = `Did you mean "${meant}"?`;
    const warning = { severity: 'warning', line: 4, hint };
    expect(problemsOf(when(`'${condition}'`))).toContainEqual(expect.objectContaining(warning));
  });
});

import { describe, expect, it } from 'vitest';
import type { RuleFiles } from '../../src/scoring/compile-ruleset.ts';
import { runRuleTests } from '../../src/scoring/run-rule-tests.ts';
import { compileFiles } from '../support/compile-files.ts';
import { seedFiles } from '../support/seed-rules.ts';
import { edited, rule, told, when } from '../support/told-problems.ts';

const VALUES: [string, RuleFiles, string][] = [
  [
    'points in quotes',
    edited('fit.yml', 'points: 25', 'points: "15"'),
    'fit.yml:13:14 "points" must be a whole number from -100 to 100, this is the text "15" | Write it without quotes: 15.',
  ],
  [
    'points without a value',
    edited('fit.yml', 'points: 25', 'points:'),
    'fit.yml:13:12 "points" is empty: it must be a whole number from -100 to 100',
  ],
  [
    'too many points',
    edited('fit.yml', 'points: 25', 'points: 500'),
    'fit.yml:13:13 "points" must be a whole number from -100 to 100, this is 500',
  ],
  [
    'a switch that is spoken',
    rule('    enabled: no\n'),
    'fit.yml:6:14 "enabled" must be true or false, this is the text "no" | Write false, without quotes.',
  ],
  [
    'a day that does not exist',
    rule('    expires: 2026-02-31\n'),
    'fit.yml:6:14 "expires" must be a day such as 2026-12-31, this is the text "2026-02-31"',
  ],
  [
    'a half-life in words',
    rule('    decay: { since: now, half_life: 2 weeks }\n'),
    'fit.yml:6:37 "half_life" cannot be "2 weeks": write days or hours, such as 14d or 36h',
  ],
  [
    'an hour that is a number',
    edited('routing.yml', '"09:00"', '9'),
    'routing.yml:15:77 "from" must be text, this is 9 | Write hours as "09:00".',
  ],
  [
    'a number in a list of texts',
    edited('model.yml', '"NO"', '47'),
    'model.yml:43:70 Entry 13 of "target_countries" must be text, this is 47 | Write it in quotes: "47".',
  ],
  [
    'rules that are no list',
    { 'fit.yml': 'rules:\n  id: fit.x\n' },
    'fit.yml:1:1 "rules" must be a list, this is a map of keys | Each entry of a list begins with "- ".',
  ],
  [
    'a map that is one value',
    edited('model.yml', /mql:.*\n {2}points: 50/, 'mql: 50'),
    'model.yml:14:6 "mql" must be a map of keys, this is 50 | Known here: points.',
  ],
  [
    'a choice misspelt',
    edited('fit.yml', 'pick: first', 'pick: firts'),
    'fit.yml:6:11 "pick" must be one of: first, max, sum | Did you mean "first"?',
  ],
  [
    'a weekday written out',
    edited('routing.yml', '[mon, tue', '[monday, tue'),
    'routing.yml:15:45 Entry 1 of "days" must be one of: mon, tue, wed, thu, fri, sat, sun',
  ],
  [
    'a tier too many',
    edited('model.yml', '  D: {', '  D: { points: 0, sla_minutes: 1 }\n  E: {'),
    'model.yml:13:3 Unknown key "E" | Known here: A, B, C, D.',
  ],
  [
    'a choice whose key is misspelt',
    edited('fit.yml', 'axis: fit', 'axs: fit'),
    'fit.yml:10:5 Unknown key "axs" | Did you mean "axis"?',
  ],
  [
    'a name with a capital',
    edited('model.yml', '  competitors:', '  Competitors:'),
    'model.yml:41:3 "Competitors" cannot be a name here: use lower-case letters, digits and underscores',
  ],
  [
    'an address that is none',
    edited('routing.yml', 'rep.one@example.com', 'rep.one'),
    'routing.yml:10:18 "email" must be an e-mail address, this is the text "rep.one"',
  ],
  [
    'a stop code that model.yml does not have',
    edited('disqualify.yml', 'code: competitor', 'code: competitors'),
    'disqualify.yml:6:11 Unknown code "competitors" | Did you mean "competitor"?',
  ],
  [
    'a time zone misspelt',
    edited('routing.yml', 'America/New_York', 'America/NewYork'),
    'routing.yml:15:20 Unknown time zone "America/NewYork" | Did you mean "America/New_York"?',
  ],
  [
    'a code twice',
    edited('model.yml', 'code: spam', 'code: student'),
    'model.yml:32:13 The code "student" is already used at model.yml:28',
  ],
  [
    'no route for everyone else',
    edited('routing.yml', /\n {2}- id: route.everyone-else[\s\S]*$/, '\n'),
    'routing.yml:31:1 A lead could match no route | Add a last route without "when", for everyone else.',
  ],
  [
    'a condition that is too long',
    when(`"${'true || '.repeat(300)}true"`),
    'fit.yml:4:12 "when" has 2404 characters: at most 2000 are possible',
  ],
  [
    'nothing but a comment',
    { 'fit.yml': '# later\n' },
    'fit.yml:1:1 The file is empty or not a map of keys | Known here: groups, rules.',
  ],
];

const INDENTED =
  'This line is indented differently from its neighbours | Keys that belong together begin in the same column; entries of a list begin with "- ".';

const YAML: [string, RuleFiles, string][] = [
  [
    'a condition that begins with a quoted text',
    when('"demo" in lead.topics'),
    `fit.yml:4:11 A value that begins with " must stand in quotes as a whole | Write when: '"demo" in lead.topics'`,
  ],
  [
    'a condition that begins with !',
    when('!("demo" in lead.topics)'),
    `fit.yml:4:11 A value that begins with ! must stand in quotes as a whole | Write when: '!("demo" in lead.topics)'`,
  ],
  [
    'a condition that YAML takes for a tag',
    when('!lead.has_phone'),
    'fit.yml:4:11 Tags (!name) are not allowed | Put a condition that begins with ! in single quotes.',
  ],
  [
    'a why that begins with a value',
    rule('    why: {company.employees} people\n'),
    "fit.yml:6:10 A value that begins with { must stand in quotes as a whole | Write why: '{company.employees} people'",
  ],
  [
    'a colon in a sentence',
    rule('    why: Size: large\n'),
    'fit.yml:6:10 A colon with a space stands inside a value | Put the value in quotes: why: "Size: large".',
  ],
  [
    'a quote that is not closed, thirty lines before YAML notices',
    edited('fit.yml', 'enterprise"', 'enterprise'),
    'fit.yml:14:10 The quote that opens here is not closed on its line | Close the text with ".',
  ],
  [
    'a bracket that is not closed',
    { 'fit.yml': 'rules:\n  - { id: fit.x, axis: fit\n  - { id: fit.y, axis: fit }\n' },
    'fit.yml:2:5 The { that opens here is not closed with }',
  ],
  [
    'a bracket too many',
    { 'fit.yml': 'rules:\n  - { id: fit.x }}\n' },
    'fit.yml:2:18 There is a closing bracket too many',
  ],
  [
    'a key indented too little',
    { 'fit.yml': 'rules:\n  - id: fit.x\n   axis: fit\n' },
    `fit.yml:3:1 ${INDENTED}`,
  ],
  [
    'a key indented too far',
    { 'fit.yml': 'rules:\n  - id: fit.x\n      axis: fit\n' },
    `fit.yml:3:7 ${INDENTED}`,
  ],
  [
    'a line without a colon',
    { 'fit.yml': 'rules:\n  - id fit.x\n    axis: fit\n' },
    'fit.yml:2:5 This line has no "key: value" | A colon and a space belong after the key: "points: 5".',
  ],
  [
    'a pattern with a backslash in double quotes',
    when('"lead.country.matches(\'\\d\')"'),
    'fit.yml:4:34 A backslash in double quotes begins a special character | Use single quotes around the value, or write \\\\ for one backslash.',
  ],
  [
    'two documents',
    { 'fit.yml': 'rules: []\n---\nrules: []\n' },
    'fit.yml:2:1 The file goes on after "---": keep everything in one part',
  ],
  [
    'a bomb of aliases',
    { 'fit.yml': 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nrules: *c\n' },
    'fit.yml:1:4 Anchors (&name) are not allowed: write the value out',
  ],
  [
    'a key of the language below',
    rule('    __proto__: { points: 100 }\n'),
    'fit.yml:6:5 The key "__proto__" is not allowed',
  ],
];

describe('a rule file', () => {
  it.each(VALUES)('with %s: says what to write', (_name, change, sentence) => {
    expect(told(change)[0]).toBe(sentence);
  });

  it.each(YAML)('with %s: says it once, without words of YAML', (_name, change, sentence) => {
    expect(told(change)).toEqual([sentence]);
  });

  it('with every key twice names every place', () => {
    const text = 'rules:\n  - id: fit.x\n    id: fit.x\n    axis: fit\n    axis: fit\n';
    const sentence = 'This key stands twice in the same place';
    expect(told({ 'fit.yml': text })).toEqual([
      `fit.yml:3:5 ${sentence}`,
      `fit.yml:5:5 ${sentence}`,
    ]);
  });

  it('with 10,000 rules is refused before any of them is compiled', () => {
    const one = (_: unknown, index: number) =>
      `  - { id: fit.r${index}, axis: fit, when: "lead.typo == ${index}", points: 1 }\n`;
    const text = `rules:\n${Array.from({ length: 10_000 }, one).join('')}`;
    expect(told({ 'fit.yml': text })).toEqual([
      'fit.yml:1:1 "rules" has 10000 entries: at most 2000 are possible',
    ]);
  });

  it('with an unknown team tells the cause too: the id that stands twice', () => {
    const sentences = told(edited('routing.yml', 'id: growth', 'id: enterprise'));
    expect(sentences[0]).toBe(
      'routing.yml:18:9 The team "enterprise" is already used at routing.yml:5',
    );
  });
});

describe('a test beside the rules', () => {
  function toldOfTest(given: string): string[] {
    const files = {
      ...seedFiles(),
      'x.test.yml': `tests:\n  - name: x\n    given:\n      ${given}\n    expect: {}\n`,
    };
    return runRuleTests(compileFiles(files), files).problems.map(
      ({ file, line, column, message, hint }) =>
        `${file}:${line}:${column} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
    );
  }

  it.each([
    [
      'lead: { senority: vp }',
      'x.test.yml:4:15 Unknown field "lead.senority" | Did you mean "lead.seniority"?',
    ],
    [
      'company: { employees: "300" }',
      'x.test.yml:4:30 "company.employees" is a whole number (int), not "300"',
    ],
    [
      'lead: { topics: [demo, pricng] }',
      'x.test.yml:4:15 No lead has the message topics "pricng" | Did you mean "pricing"?',
    ],
    [
      'custom: { plan: pro }',
      'x.test.yml:4:17 Unknown field "custom.plan" | Fields of your own are declared under "fields" in model.yml.',
    ],
    [
      'signals: [{ kind: pricing_viewd, days_ago: 1 }]',
      'x.test.yml:4:25 Unknown signal kind "pricing_viewd" | Did you mean "pricing_viewed"?',
    ],
    [
      'undeclared_signals: [trial_startd]',
      'x.test.yml:4:28 Unknown signal kind "trial_startd" | Did you mean "trial_started"?',
    ],
  ])('that gives %s: says where and what', (given, sentence) => {
    expect(toldOfTest(given)).toEqual([sentence]);
  });
});

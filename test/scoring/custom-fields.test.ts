import { describe, expect, it } from 'vitest';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { runRuleTests } from '../../src/scoring/run-rule-tests.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { compileFiles } from '../support/compile-files.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';

const NOW = new Date('2026-06-03T10:00:00.000Z');

const FIELDS = `
fields:
  plan: { type: string, values: [free, pro], label: current plan }
  seats_wanted: { type: int }
`;

function filesWith(rule: string, model = FIELDS) {
  const files = seedFiles();
  return {
    ...files,
    'model.yml': `${files['model.yml']}${model}`,
    'intent.yml': `${files['intent.yml']}\n${rule}`,
  };
}

const RULE = `
  - id: intent.own.pro
    axis: intent
    when: custom.plan == "pro" && custom.seats_wanted >= 20
    points: 7
    why: "{custom.seats_wanted} seats on {custom.plan}"
`;

function ownReason(fields: Record<string, string | number | null>) {
  const assessment = scoreLead(compileFiles(filesWith(RULE)), sampleSnapshot(fields), NOW);
  return assessment.reasons.find((reason) => reason.ruleId === 'intent.own.pro');
}

describe("fields of the team's own", () => {
  it('are read by rules as custom.<name>', () => {
    expect(ownReason({ 'custom.plan': 'pro', 'custom.seats_wanted': 40 })).toMatchObject({
      points: 7,
      text: '40 seats on pro',
    });
    expect(ownReason({ 'custom.plan': 'free', 'custom.seats_wanted': 40 })).toBeUndefined();
  });

  it('are unknown when they are missing or of the wrong type', () => {
    expect(ownReason({ 'custom.plan': 'pro' })).toMatchObject({ kind: 'unknown', points: 0 });
    expect(ownReason({ 'custom.plan': 'pro', 'custom.seats_wanted': 'many' })?.kind).toBe(
      'unknown',
    );
  });

  it('are checked by name and by type when the rules load', () => {
    expect(problemsOf(RULE.replace('custom.plan ==', 'custom.plam =='))).toMatchObject([
      { message: 'Unknown field "custom.plam"', hint: 'Did you mean "custom.plan"?' },
    ]);
    expect(problemsOf(RULE.replace('>= 20', '== "20"'))[0]?.message).toContain('int');
    expect(problemsOf(RULE, '')[0]?.hint).toContain('"fields" in model.yml');
    expect(problemsOf('', FIELDS.replace('type: int', 'type: int, values: [a]'))).toMatchObject([
      { file: 'model.yml', message: expect.stringContaining('only a string') },
    ]);
  });

  it('that no rule reads are told, and values that they cannot have', () => {
    const lines = (seedFiles()['model.yml'] ?? '').split('\n').length;
    const unread = RULE.replace('custom.plan == "pro" && ', '').replace(' on {custom.plan}', '');
    expect(warningsOf(unread)).toMatchObject([
      {
        ...{ severity: 'warning', file: 'model.yml', line: lines + 2, column: 3 },
        ...{
          message: 'No rule reads "custom.plan"',
          hint: 'Read it in a condition, or take it out.',
        },
      },
    ]);
    expect(warningsOf(RULE)).toEqual([]);
    expect(warningsOf(RULE.replace('"pro"', '"por"'))).toMatchObject([
      { message: 'No lead has the current plan "por"', hint: 'Did you mean "pro"?' },
    ]);
    expect(
      warningsOf(RULE.replace('custom.plan == "pro"', 'custom.plan in ["pro", "gold"]')),
    ).toMatchObject([
      {
        file: 'intent.yml',
        message: 'No lead has the current plan "gold"',
        hint: 'Known: free, pro.',
      },
    ]);
  });

  it('can be given in the tests beside the rules', () => {
    const files = {
      ...filesWith(RULE),
      'own.test.yml': `
tests:
  - name: enough seats
    given: { custom: { plan: pro, seats_wanted: 25 } }
    expect: { fired: [intent.own.pro] }
`,
    };
    const report = runRuleTests(compileFiles(files), files);
    expect(report.results.find(({ name }) => name === 'enough seats')?.failures).toEqual([]);
  });
});

function problemsOf(rule: string, model = FIELDS) {
  const result = compileRuleset(filesWith(rule, model), { version: 1, hash: 'h' });
  return result.ok ? [] : result.problems;
}

/** What is told of rules that load; the rule has no test beside it, which is told too. */
function warningsOf(rule: string) {
  const result = compileRuleset(filesWith(rule), { version: 1, hash: 'h' });
  return (result.ok ? result.warnings : result.problems).filter(
    ({ message }) => !message.includes('is untested'),
  );
}

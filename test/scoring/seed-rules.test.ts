import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeRule } from '../../src/scoring/change-rule.ts';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { judgeRoutes } from '../../src/scoring/judge-routes.ts';
import { listRules } from '../../src/scoring/list-rules.ts';
import { rulesJsonSchema } from '../../src/scoring/rules-json-schema.ts';
import { runRuleTests } from '../../src/scoring/run-rule-tests.ts';
import { compileFiles } from '../support/compile-files.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';

const NOW = new Date('2026-06-03T10:00:00.000Z');

describe('the rules that ship with the project', () => {
  it('compile without a warning', () => {
    const result = compileRuleset(seedFiles(), { version: 1, hash: 'h' });
    expect(result.ok ? result.warnings : result.problems).toEqual([]);
  });

  it('pass their own tests, each rule seen firing and not firing', () => {
    const report = runRuleTests(compileFiles(seedFiles()), seedFiles());
    expect(report.results.filter((result) => result.failures.length > 0)).toEqual([]);
    expect(report).toMatchObject({ untested: [], problems: [] });
    expect(report.results.length).toBeGreaterThan(25);
  });

  it('have a schema for editors that is the one in the code', () => {
    const path = new URL('../../scoring-rules/rules.schema.json', import.meta.url);
    const committed = JSON.parse(readFileSync(path, 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(rulesJsonSchema())));
  });

  it('route by conditions on features, tier and points', () => {
    const ruleset = compileFiles(seedFiles());
    const lead = sampleSnapshot({ 'lead.seniority': 'vp', 'company.domain': 'acme.example' });
    const outcomes = judgeRoutes(ruleset, lead, NOW, { tier: 'A', points: 80 }).map(
      ({ routeId, outcome }) => [routeId, outcome],
    );
    expect(outcomes).toEqual([
      ['route.named-accounts', false],
      ['route.enterprise', 'unknown'],
      ['route.senior-and-hot', true],
      ['route.everyone-else', true],
    ]);
    const cold = judgeRoutes(ruleset, lead, NOW, { tier: 'C', points: 30 });
    expect(cold[2]).toMatchObject({ outcome: false });
  });
});

describe('a rule test', () => {
  it('says what it expected and what came', () => {
    const tests = `tests:
  - name: wrong on purpose
    given: { lead: { email_kind: work, senority: vp } }
    expect: { fired: [fit.email.free, fit.email.wrok], unknown: [fit.email.work], tier: A, disqualified: student }
`;
    const report = runRuleTests(compileFiles(seedFiles()), { 'x.test.yml': tests });
    expect(report.results[0]?.failures).toEqual([
      'expected fit.email.free to be fired, it was not fired',
      'there is no rule "fit.email.wrok". Did you mean "fit.email.work"?',
      'expected fit.email.work to be unknown, it was fired',
      'expected tier "A", got "D"',
      'expected disqualified "student", got false',
    ]);
    expect(report.problems).toMatchObject([
      { file: 'x.test.yml', line: 3, column: 40, hint: 'Did you mean "lead.seniority"?' },
    ]);
  });

  it('is missed where there is none', () => {
    const { 'fit.test.yml': _left, ...files } = seedFiles();
    const result = compileRuleset(files, { version: 1, hash: 'h' });
    const warnings = result.ok ? result.warnings.map((warning) => warning.message) : [];
    expect(warnings).toContain('"fit.email.disposable" is untested: no case makes it fire');
  });
});

describe('changing a rule', () => {
  it('keeps comments and everything else as it was', () => {
    const files = seedFiles();
    const result = changeRule(files, 'fit.company-size.mid-market', { points: 18, enabled: false });
    const changed = result.ok ? (result.files['fit.yml'] ?? '') : '';
    const lines = (files['fit.yml'] ?? '').split('\n');
    const kept = changed.split('\n').filter((text) => lines.includes(text));
    expect(changed.split('\n').filter((text) => !lines.includes(text))).toEqual([
      '    points: 18',
      '    enabled: false',
    ]);
    expect(kept.length).toBe(lines.length - 1);
    const again = changeRule(result.ok ? result.files : {}, 'fit.company-size.mid-market', {
      points: 20,
      enabled: true,
    });
    expect(again.ok && again.files).toEqual(files);
    expect(listRules(result.ok ? result.files : {}).find((one) => !one.enabled)).toMatchObject({
      ruleId: 'fit.company-size.mid-market',
      file: 'fit.yml',
      points: 18,
    });
  });

  it('keeps every seed file as it was when a value is set to itself', () => {
    const files = seedFiles();
    for (const { ruleId, points } of listRules(files)) {
      const result = changeRule(files, ruleId, points === null ? { enabled: true } : { points });
      expect(result.ok && result.files).toEqual(files);
    }
  });

  it.each([
    [
      'fit.email.wrok',
      { points: 1 },
      'There is no rule "fit.email.wrok". Did you mean "fit.email.work"?',
    ],
    ['stop.student', { points: 1 }, '"stop.student" has no points: it decides the tier by itself.'],
    ['fit.email.work', { points: 1.5 }, 'Points are a whole number between -100 and 100.'],
    ['fit.email.work', { points: 1000 }, 'Points are a whole number between -100 and 100.'],
  ])('refuses %s %o', (ruleId, change, message) => {
    expect(changeRule(seedFiles(), ruleId, change)).toEqual({ ok: false, message });
  });
});

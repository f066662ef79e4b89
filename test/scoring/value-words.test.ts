import { describe, expect, it } from 'vitest';
import { FIELD_NAMES, FIELDS, type FieldDefinition } from '../../src/scoring/features.ts';
import { presentTerminal } from '../../src/scoring/present-terminal.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import { valueWords } from '../../src/scoring/value-words.ts';
import { NOW } from '../support/arbitrary-rules.ts';
import { compileFiles } from '../support/compile-files.ts';
import { sampleSnapshot, seedFiles } from '../support/seed-rules.ts';

const CODES = FIELD_NAMES.flatMap((name) => {
  const { values = [] }: FieldDefinition = FIELDS[name];
  return values.map((code): [string, string] => [name, code]);
});

function whyOf(why: string, name: string, value: string): string {
  const isList = name === 'lead.topics';
  const when = isList ? `"${value}" in ${name}` : `${name} == "${value}"`;
  const sentence = why === '' ? '' : `, why: ${JSON.stringify(why)}`;
  const rule = `{ id: fit.x, axis: fit, when: ${JSON.stringify(when)}, points: 5${sentence} }`;
  const files = { ...seedFiles(), 'fit.yml': `rules:\n  - ${rule}` };
  const snapshot = sampleSnapshot({ [name]: isList ? [value] : value });
  const { reasons } = scoreLead(compileFiles(files), snapshot, NOW);
  return reasons.find(({ ruleId, kind }) => ruleId === 'fit.x' && kind === 'rule')?.text ?? '';
}

describe('codes', () => {
  it.each(CODES)('of %s read as words: %s', (name, code) => {
    const words = valueWords(name, code);
    expect(words).not.toMatch(/_|^(vp|hr|it|revops|vendor)/);
    expect(whyOf(`Is {${name}}.`, name, code)).toBe(`Is ${words}.`);
    expect(whyOf('', name, code)).toContain(words);
  });

  it('stay what they are where a rule compares them, and other texts stay as they came', () => {
    expect(whyOf('Is {lead.seniority == "vp"}', 'lead.seniority', 'vp')).toBe('Is yes');
    expect(valueWords('company.industry', 'free')).toBe('free');
    expect(valueWords('lead.seniority', 'constructor')).toBe('constructor');
    expect(valueWords('toString', 'vp')).toBe('vp');
    expect(valueWords('custom.plan', 'self_hosted')).toBe('self hosted');
  });

  it('that a group has are its label, else its id in words', () => {
    const printed = (group: string) => {
      const files = {
        ...seedFiles(),
        'fit.yml': `groups:\n  - ${group}\nrules:\n  - { id: fit.x, axis: fit, group: two-words, when: "lead.has_phone", points: 9 }`,
      };
      const snapshot = sampleSnapshot({ 'lead.has_phone': true });
      return presentTerminal(scoreLead(compileFiles(files), snapshot, NOW));
    };
    expect(printed('{ id: two-words, pick: sum, cap: 5 }')).toContain(
      'Two words: at most 5 points count',
    );
    expect(printed('{ id: two-words, label: How to reach them, pick: sum, cap: 5 }')).toContain(
      'How to reach them: at most 5 points count',
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCondition, createExpressionContext } from '../../src/scoring/compile-condition.ts';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { propertyEffort } from '../support/effort.ts';
import { seedFiles } from '../support/seed-rules.ts';

const SCRAPS = [
  '\t',
  ':',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '!!js ',
  '"',
  "'",
  '\n',
  '#',
  '<<: ',
  '__proto__',
  '? ',
  '|',
  '%',
  '\u0000',
  '1e999',
  '(',
  ')',
  '&&',
  '0',
];

/** A seed file with a few characters taken out or put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(
      'model.yml',
      'fit.yml',
      'intent.yml',
      'disqualify.yml',
      'routing.yml',
      'fit.test.yml',
    ),
    fc.array(fc.tuple(fc.nat(4000), fc.nat(6), fc.constantFrom('', ...SCRAPS)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([name, edits]) => {
    const text = edits.reduce((all, [at, cut, scrap]) => {
      const place = at % all.length;
      return all.slice(0, place) + scrap + all.slice(place + cut);
    }, seedFiles()[name] ?? '');
    return { name, text };
  });

it('damaged files give problems with a place inside the file, and nothing is thrown', {
  timeout: 900_000,
}, () => {
  fc.assert(
    fc.property(damaged, ({ name, text }) => {
      const files = { ...seedFiles(), [name]: text };
      const result = compileRuleset(files, { version: 1, hash: 'h' });
      for (const problem of result.ok ? result.warnings : result.problems) {
        const lines = (files[problem.file] ?? '').split('\n');
        expect(problem.line).toBeGreaterThan(0);
        expect(problem.line).toBeLessThanOrEqual(lines.length);
        expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
        expect(problem.message).not.toMatch(/undefined|\[object|call stack/);
      }
      expect(result.ok || result.problems.length > 0).toBe(true);
    }),
    propertyEffort(60, 2_000),
  );
});

it('any text as a condition gives an answer, and nothing is thrown', { timeout: 900_000 }, () => {
  const words = [
    'lead',
    '.',
    'country',
    '==',
    '"DE"',
    '(',
    ')',
    '&&',
    '||',
    '!',
    '-',
    '5',
    '5.0',
    'in',
    '[',
    ']',
    ',',
    'company.employees',
    'lead.topics',
    'exists(t, ',
    't',
    'signals',
    'count(',
    '"seen"',
    'days(',
    '?',
    ':',
    'now',
    'has(',
    'null',
    'b"x"',
    '1u',
    '{',
    '}',
    '%',
    '/',
    'matches("("',
    'lists.x',
    '__proto__',
    'constructor',
    '9223372036854775807',
    'timestamp("x")',
    'type(',
    'dyn(',
    'cel.bind(a, 1, a)',
    'google.protobuf.Timestamp',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((some) => some.join(' ')),
    fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((some) => some.join('')),
  );
  const context = createExpressionContext({
    lists: { x: ['a'] },
    signals: ['seen'],
    derived: false,
  });
  fc.assert(
    fc.property(text, (source) => {
      const result = compileCondition(context, source);
      if (result.ok) {
        const values = context.table.slots.map(() => undefined);
        expect([true, false, undefined]).toContain(result.expression.run(values, 0));
      } else {
        expect(result.start).toBeGreaterThanOrEqual(0);
        expect(result.end).toBeLessThanOrEqual(source.length);
      }
    }),
    propertyEffort(2_000, 100_000),
  );
});

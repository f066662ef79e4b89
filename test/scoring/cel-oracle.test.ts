import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindSnapshot } from '../../src/scoring/bind-snapshot.ts';
import { compileCondition, createExpressionContext } from '../../src/scoring/compile-condition.ts';
import {
  arbitrarySnapshot,
  condition,
  NOW,
  oddAtom,
  simpleAtom,
} from '../support/arbitrary-rules.ts';
import { celOracle } from '../support/cel-oracle.ts';
import { propertyEffort } from '../support/effort.ts';

function newContext() {
  return createExpressionContext({
    lists: { countries: ['DE', 'US'], rivals: ['rival.example', 'second-rival.example'] },
    signals: ['seen'],
    derived: false,
  });
}

describe('conditions agree with cel-js', { timeout: 900_000 }, () => {
  it('on random expressions and leads with missing fields', () => {
    const atom = fc.oneof(simpleAtom, oddAtom);
    const deep = condition(condition(atom));
    fc.assert(
      fc.property(
        fc.array(deep, { minLength: 3, maxLength: 3 }),
        arbitrarySnapshot(3),
        (sources, snapshot) => {
          const context = newContext();
          for (const source of sources) {
            const result = compileCondition(context, source);
            if (!result.ok) throw new Error(`${source}: ${result.message}`);
            const { values, now } = bindSnapshot(context.table, snapshot, NOW);
            const ours = result.expression.run(values, now) ?? 'unknown';
            expect([source, ours]).toEqual([source, celOracle(context, source, snapshot, NOW)]);
          }
        },
      ),
      propertyEffort(300, 20_000),
    );
  });
});

import { equal } from 'node:assert/strict';
import { bindSnapshot } from '../../src/scoring/bind-snapshot.ts';
import { compileCondition, createExpressionContext } from '../../src/scoring/compile-condition.ts';
import { NOW } from './arbitrary-rules.ts';
import { celOracle } from './cel-oracle.ts';
import { conditionsOf } from './completions.ts';
import type { Proof } from './score-proofs.ts';

/** Each condition of the pack says what cel-js says, which raises an error for what is missing. */
export const proveCel: Proof = (pack, leads) => {
  const context = createExpressionContext({
    lists: { countries: ['DE', 'US'], rivals: ['rival.example', 'second-rival.example'] },
    signals: ['seen'],
    derived: false,
  });
  const sources = conditionsOf(pack).filter((source) => !/^"(seen|gone|null)"$/.test(source));
  const conditions = sources.map((source) => {
    const result = compileCondition(context, source);
    if (!result.ok) throw new Error(`${source}: ${result.message}`);
    return { source, run: result.expression.run };
  });
  for (const lead of leads) {
    const { values, now } = bindSnapshot(context.table, lead, NOW);
    for (const { source, run } of conditions) {
      equal(run(values, now) ?? 'unknown', celOracle(context, source, lead, NOW), source);
    }
  }
};

import type { NestedCondition, TopLevelCondition } from 'json-rules-engine';

/*
 * A library of two values can say "unknown" with one more rule for each rule: true where no known value decides.
 * A missing fact is null, and a test of it is false.
 */

type Condition = TopLevelCondition | NestedCondition;
type Leaf = { fact: string; operator: string; value: unknown };
export type Logic = Record<string, unknown>;

/** The condition under which another one is unknown, for json-rules-engine. */
export function unknownOf(condition: Condition): TopLevelCondition {
  if ('all' in condition) {
    const sides = condition.all;
    if (sides[0] !== undefined && sides.length === 1) return unknownOf(sides[0]);
    return {
      all: [
        ...sides.map((side) => ({ any: [side, unknownOf(side)] })),
        { any: sides.map((side) => unknownOf(side)) },
      ],
    };
  }
  if ('any' in condition) {
    const sides = condition.any;
    return {
      all: [...sides.map((side) => ({ not: side })), { any: sides.map((side) => unknownOf(side)) }],
    };
  }
  return { all: [{ fact: leafOf(condition).fact, operator: 'equal', value: null }] };
}

/** The same for json-logic-engine. */
export function unknownLogicOf(condition: Condition): Logic {
  if ('all' in condition) {
    const sides = condition.all;
    if (sides[0] !== undefined && sides.length === 1) return unknownLogicOf(sides[0]);
    const open = sides.map((side) => ({ or: [logicOf(side), unknownLogicOf(side)] }));
    return { and: [...open, { or: sides.map((side) => unknownLogicOf(side)) }] };
  }
  if ('any' in condition) {
    const sides = condition.any;
    const none = sides.map((side) => ({ '!': logicOf(side) }));
    return { and: [...none, { or: sides.map((side) => unknownLogicOf(side)) }] };
  }
  return { '===': [{ var: leafOf(condition).fact }, null] };
}

function logicOf(condition: Condition): Logic {
  if ('all' in condition) return { and: condition.all.map((side) => logicOf(side)) };
  if ('any' in condition) return { or: condition.any.map((side) => logicOf(side)) };
  const { fact, operator, value } = leafOf(condition);
  const seen = { var: fact };
  const known = { '!==': [seen, null] };
  switch (operator) {
    case 'equal':
      return { '===': [seen, value] };
    case 'in':
      return { in: [seen, value] };
    case 'contains':
      return { and: [known, { in: [value, seen] }] };
    case 'doesNotContain':
      return { and: [known, { '!': { in: [value, seen] } }] };
    default:
      return { and: [known, { [SIGNS[operator] ?? '']: [seen, value] }] };
  }
}

const SIGNS: Readonly<Record<string, string>> = {
  greaterThan: '>',
  greaterThanInclusive: '>=',
  lessThan: '<',
  lessThanInclusive: '<=',
};

function leafOf(condition: Condition): Leaf {
  if ('fact' in condition) return condition;
  throw new Error('a condition is all, any or a test of one fact');
}

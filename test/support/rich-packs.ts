import fc from 'fast-check';
import {
  type ArbitraryPack,
  type ArbitraryRule,
  arbitraryPack,
  condition,
  oddAtom,
  simpleAtom,
  spanAtom,
} from './arbitrary-rules.ts';
import { withSentences } from './arbitrary-whys.ts';

const anyAtom = fc.oneof(
  { weight: 8, arbitrary: simpleAtom },
  { weight: 2, arbitrary: oddAtom },
  { weight: 3, arbitrary: spanAtom },
);

/** Rules that often fire, so that groups, caps, decay and floors have something to do. */
const eager: fc.Arbitrary<ArbitraryRule> = fc.record({
  axis: fc.constantFrom('fit' as const, 'intent' as const),
  group: fc.constantFrom('first' as const, 'max' as const, 'sum' as const, 'sum' as const),
  when: fc.oneof(fc.constantFrom('true', '1 < 2'), simpleAtom),
  points: fc.integer({ min: 8, max: 40 }),
  decay: fc.constantFrom('seen' as const, 'seen' as const, 'gone' as const, null),
});

/** Two rules that compete in one group. */
const rivals: fc.Arbitrary<ArbitraryRule[]> = fc
  .record({
    axis: fc.constantFrom('fit' as const, 'intent' as const),
    group: fc.constantFrom('max' as const, 'sum' as const),
    when: fc.oneof(fc.constant('true'), simpleAtom),
    points: fc.integer({ min: 15, max: 40 }),
    decay: fc.constant(null),
  })
  .map((rule) => [rule, { ...rule, when: '1 < 2', points: rule.points - 4 }]);

/** Rule packs in which something is going on. */
export const richPack: fc.Arbitrary<ArbitraryPack> = withSentences(
  fc
    .tuple(
      arbitraryPack(anyAtom),
      fc.array(eager, { minLength: 1, maxLength: 3 }),
      rivals,
      fc.array(
        fc.record({
          when: fc.oneof(fc.constant('true'), condition(simpleAtom)),
          tier: fc.constantFrom('A', 'A', 'B'),
        }),
        { minLength: 0, maxLength: 2 },
      ),
      fc.constantFrom({ fit: 60, intent: 40 }, { fit: 25, intent: 15 }, { fit: 12, intent: 10 }),
    )
    .map(([pack, more, pair, floors, caps]) => ({
      ...pack,
      rules: [...pack.rules.slice(0, 4), ...more, ...pair],
      stops: pack.stops.slice(0, 1),
      floors,
      caps,
    })),
);

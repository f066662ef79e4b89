/** A bug to plant in a copy of the sources: `find` must occur exactly once. */
export interface PlantedBug {
  name: string;
  file: string;
  find: string;
  replace: string;
}

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => {
  return { name, file: `src/scoring/${file}`, find, replace };
};

/** At least one for each proof of test/support/score-proofs.ts and for the cel-js oracle. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  // Sums.
  bug(
    'the line of a group takes one point too many',
    'explain-score.ts',
    "return line('group', id, axis, taken, text);",
    "return line('group', id, axis, taken - 1, text);",
  ),
  bug(
    'an axis counts beyond its cap',
    'tally.ts',
    'return Math.max(0, Math.min(cap, points));',
    'return Math.max(0, points);',
  ),
  bug(
    'the line of decay is lost',
    'generate-lines.ts',
    'if (rule.decay === null) return lines;',
    'if (rule.decay !== undefined) return lines;',
  ),
  // Range.
  bug(
    'the range forgets what a missing value could take away',
    'explore-range.ts',
    'if (beats(known.points, fit, intent, atMin, -1)) atMin',
    'if (beats(known.points, fit, intent, atMin, 1)) atMin',
  ),
  bug(
    'cells leave out the values just above a limit',
    'cells.ts',
    'Math.ceil(value) + 1,',
    'Math.ceil(value),',
  ),
  bug(
    'answers that depend on each other are called exact',
    'explore-range.ts',
    'exact: free.length === 0 };',
    'exact: true };',
  ),
  bug(
    'counts of one kind over several time spans are called exact',
    'explore-range.ts',
    ' && !sharesSignal(ruleset, questions);',
    ';',
  ),
  bug(
    'floors that could hold are left out of the possible tiers',
    'explore-range.ts',
    "if (bound.kind === 'floor') effect.floor = Math.min(effect.floor, tier);",
    "if (bound.kind === 'floor') effect.floor = Math.max(effect.floor, tier);",
  ),
  // Order.
  bug(
    'a max group counts the first that fires',
    'tally.ts',
    "if (unit.pick === 'first') return points;",
    "if (unit.pick !== 'sum') return points;",
  ),
  bug(
    'lines stand in the order of the file',
    'explain-score.ts',
    '(a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0) ||',
    '0 ||',
  ),
  // Monotony.
  bug(
    'a sum group above its cap starts again from its cap minus the rest',
    'tally.ts',
    'return cap === null ? sum : Math.max(0 - cap, Math.min(cap, sum));',
    'return cap === null ? sum : Math.max(0 - cap, sum > cap ? 2 * cap - sum : sum);',
  ),
  // The same bytes.
  bug(
    'lines of one lead are kept for the next',
    'generate-judge.ts',
    "'const r = [];',",
    "'const r = (judgeLead.kept ??= []);',",
  ),
  bug(
    'a remembered sentence is told of another value',
    'generate-lines.ts',
    'const made = known.get(value);',
    'const made = known.get(value) ?? [...known.values()][0];',
  ),
  // Closures and generated code.
  bug(
    'generated code takes a missing value for no',
    'generate-condition.ts',
    'if (side.isKnown) return side.js;',
    "if (side.js !== '') return side.js;",
  ),
  bug(
    'generated code lets a later rule of a first group count too',
    'generate-judge.ts',
    "unit.pick === 'first' ?",
    "unit.pick === 'max' ?",
  ),
  bug(
    'generated code counts signals one millisecond too old as young',
    'generate-binding.ts',
    'if (at >= now - ',
    'if (at > now - ',
  ),
  bug(
    'generated code ignores the day on which a rule expires',
    'generate-judge.ts',
    'if (rule.expiresAt === null) return answer;',
    'if (rule.expiresAt !== 0) return answer;',
  ),
  // What cel-js says.
  bug(
    '|| does not absorb an unknown',
    'compile-node.ts',
    'return second === true || first !== undefined ? second : undefined;',
    'return first === undefined ? undefined : second;',
  ),
  bug(
    'division by zero is zero',
    'operators.ts',
    'if (b === 0) return Number.NaN;',
    'if (b === 0) return 0;',
  ),
  bug(
    'one signal is none',
    'compile-call.ts',
    "typeof value === 'number' && value > 0;",
    "typeof value === 'number' && value > 1;",
  ),
];

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRuleset } from '../../src/scoring/compile-ruleset.ts';
import { scoreLead } from '../../src/scoring/score-lead.ts';
import {
  type ArbitraryPack,
  arbitraryPack,
  arbitrarySnapshot,
  NOW,
  oddAtom,
  packFiles,
  simpleAtom,
} from '../support/arbitrary-rules.ts';
import { withSentences } from '../support/arbitrary-whys.ts';
import { propertyEffort } from '../support/effort.ts';

/* Nothing that a person writes may get into the text of generated code. */

const WORDS = new Set(
  [
    'use strict const let function return if else for undefined null true false typeof new',
    'snapshot date readSignals judgeLead judgeKnown k v f g r e i h now time kind text at since',
    'declared fit intent undated firstUnknown length includes slice push getTime has max min Math',
    'Number isFinite isSafeInteger string number boolean occurredAt name value ruleId axis points',
    'fields bounds stops sums reasons outcomes openStops values',
    'rule decay group cap clamp certain unknown tier declaredSignals signals',
  ].flatMap((line) => line.split(' ')),
);
/** k12, v3t, f4c, t7: numbered names of our own. */
const NUMBERED = /^(?:[abcdfghknopqrstuvwx]\d+[ct]?)$/;

function foreignWords(source: string): string[] {
  const words = source.match(/[\p{L}_$\\][\p{L}\p{N}_$\\]*/gu) ?? [];
  return words.filter((word) => !WORDS.has(word) && !NUMBERED.test(word));
}

const sources: string[] = [];
const RealFunction = globalThis.Function;

/** Keeps what is handed to `new Function` by our linker, whose only parameter is "k". */
beforeEach(() => {
  sources.length = 0;
  globalThis.Function = new Proxy(RealFunction, {
    construct(target, args: string[]) {
      if (args[0] === 'k') sources.push(String(args[1]));
      return Reflect.construct(target, args);
    },
  });
});
afterEach(() => {
  globalThis.Function = RealFunction;
});

const HOSTILE = [
  '"); globalThis.stolen = 1; ("',
  "'; globalThis.stolen = 1; '",
  '`$\u007bglobalThis.stolen = 1}`',
  '*/ globalThis.stolen = 1 /*',
  '\\u0022); globalThis.stolen = 1',
  '\u2028globalThis.stolen = 1\u2029',
  '__proto__',
  'constructor',
  '$\u007bprocess.exit()}',
  '\\',
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 30 }));

/** Hostile text as a literal, a list, a sentence, a name. */
function attackedFiles(pack: ArbitraryPack, text: string): Record<string, string> {
  const literal = JSON.stringify(text);
  const when = `lead.country == ${literal} || lead.email_domain in [${literal}, "x"] || lead.topics.exists(t, t == ${literal})`;
  const why = `Seen ${text.replaceAll(/[{}]/g, '')} {lead.country}`;
  const rule = { axis: 'fit' as const, group: null, when, points: 5, decay: null, why };
  const files = packFiles({ ...pack, rules: [rule, ...pack.rules] });
  const model = JSON.parse(files['model.yml'] ?? '{}');
  model.lists.countries = ['DE', 'US', text];
  return { ...files, 'model.yml': JSON.stringify(model) };
}

describe('generated code', { timeout: 900_000 }, () => {
  it('holds no word of the rules and runs none of them', () => {
    const anyAtom = fc.oneof(simpleAtom, oddAtom);
    let generated = 0;
    fc.assert(
      fc.property(
        withSentences(arbitraryPack(anyAtom)),
        hostile,
        arbitrarySnapshot(3),
        (pack, text, snapshot) => {
          const files = attackedFiles(pack, text);
          const result = compileRuleset(files, { version: 1, hash: 'h' });
          if (!result.ok) return;
          const lead = { ...snapshot, fields: { ...snapshot.fields, 'lead.country': text } };
          scoreLead(result.ruleset, lead, NOW);
          for (const source of sources.splice(0)) {
            generated++;
            expect(foreignWords(source)).toEqual([]);
            expect(source).toMatch(/^[\x20-\x7e\n]*$/);
            expect(source).not.toMatch(/[`\\$]|\/\*|\/\//);
          }
          expect('stolen' in globalThis).toBe(false);
        },
      ),
      propertyEffort(100, 3_000),
    );
    expect(generated).toBeGreaterThan(10);
  });
});

import { LogicEngine } from 'json-logic-engine';
import { Engine, type RuleProperties } from 'json-rules-engine';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';
import { type Facts, factsOf, type PeerScore, scoreFired } from './fired-rules.ts';
import { COMPETITORS, COUNTRIES, INDUSTRIES, NAMED } from './rule-pack.ts';
import { type Logic, unknownLogicOf, unknownOf } from './unknown-rules.ts';

/**
 * Scores leads one after the other and hands each score over at once. Peers say which rules fired; what they
 * add up to is worked out for them.
 */
export type Peer = (
  leads: readonly FeatureSnapshot[],
  now: number,
  take: (score: PeerScore) => void,
) => Promise<void>;

const DECIDES = ['c_level', 'vp', 'director'];
const BUYERS = ['sales', 'marketing', 'revops'];

const at = (name: keyof Facts): Logic => ({ var: name });
const isKnown = (name: keyof Facts): Logic => ({ '!==': [at(name), null] });
/** A missing number is 0 to JsonLogic. */
const number = (name: keyof Facts, test: Logic): Logic => ({ and: [isKnown(name), test] });
const topic = (name: string): Logic => ({ in: [name, at('topics')] });

const LOGIC: Readonly<Record<string, Logic>> = {
  'fit.size.enterprise': number('employees', { '>=': [at('employees'), 1000] }),
  'fit.size.mid': number('employees', {
    and: [{ '>=': [at('employees'), 200] }, { '<': [at('employees'), 1000] }],
  }),
  'fit.size.small': number('employees', {
    and: [{ '>=': [at('employees'), 20] }, { '<': [at('employees'), 200] }],
  }),
  'fit.size.tiny': number('employees', { '<': [at('employees'), 20] }),
  'fit.seniority.decides': { in: [at('seniority'), DECIDES] },
  'fit.seniority.manager': { '===': [at('seniority'), 'manager'] },
  'fit.function.buyer': { in: [at('role'), BUYERS] },
  'fit.industry.target': { in: [at('industry'), INDUSTRIES] },
  'fit.country.target': { in: [at('country'), COUNTRIES] },
  'fit.email.work': { '===': [at('emailKind'), 'work'] },
  'fit.email.free': { '===': [at('emailKind'), 'free'] },
  'fit.email.disposable': { '===': [at('emailKind'), 'disposable'] },
  'fit.revenue.large': number('revenue', { '>=': [at('revenue'), 50_000_000] }),
  'fit.substance': {
    or: [
      number('revenue', { '>': [at('revenue'), 1_000_000] }),
      number('employees', { '>': [at('employees'), 50] }),
    ],
  },
  'intent.demo': { or: [topic('demo'), number('demos', { '>': [at('demos'), 0] })] },
  'intent.pricing': topic('pricing'),
  'intent.timeline': topic('timeline'),
  'intent.switching': { or: [topic('migration'), topic('trial')] },
  'intent.pricing-page': number('views', { '>=': [at('views'), 3] }),
  'intent.trial': number('trials', { '>': [at('trials'), 0] }),
  'intent.support-only': { and: [topic('support'), { '!': topic('demo') }] },
  'intent.phone': {
    and: [{ '===': [at('hasPhone'), true] }, { in: [at('country'), COUNTRIES] }],
  },
  'stop.competitor': { in: [at('domain'), COMPETITORS] },
  'stop.opted-out': { '===': [at('optedOut'), true] },
  'floor.named': { and: [{ in: [at('domain'), NAMED] }, { in: [at('seniority'), DECIDES] }] },
};

const fact = (name: keyof Facts, operator: string, value: unknown) => ({
  fact: name,
  operator,
  value,
});
const hasTopic = (name: string) => fact('topics', 'contains', name);

const CONDITIONS: Readonly<Record<string, RuleProperties['conditions']>> = {
  'fit.size.enterprise': { all: [fact('employees', 'greaterThanInclusive', 1000)] },
  'fit.size.mid': {
    all: [fact('employees', 'greaterThanInclusive', 200), fact('employees', 'lessThan', 1000)],
  },
  'fit.size.small': {
    all: [fact('employees', 'greaterThanInclusive', 20), fact('employees', 'lessThan', 200)],
  },
  'fit.size.tiny': { all: [fact('employees', 'lessThan', 20)] },
  'fit.seniority.decides': { all: [fact('seniority', 'in', DECIDES)] },
  'fit.seniority.manager': { all: [fact('seniority', 'equal', 'manager')] },
  'fit.function.buyer': { all: [fact('role', 'in', BUYERS)] },
  'fit.industry.target': { all: [fact('industry', 'in', INDUSTRIES)] },
  'fit.country.target': { all: [fact('country', 'in', COUNTRIES)] },
  'fit.email.work': { all: [fact('emailKind', 'equal', 'work')] },
  'fit.email.free': { all: [fact('emailKind', 'equal', 'free')] },
  'fit.email.disposable': { all: [fact('emailKind', 'equal', 'disposable')] },
  'fit.revenue.large': { all: [fact('revenue', 'greaterThanInclusive', 50_000_000)] },
  'fit.substance': {
    any: [fact('revenue', 'greaterThan', 1_000_000), fact('employees', 'greaterThan', 50)],
  },
  'intent.demo': { any: [hasTopic('demo'), fact('demos', 'greaterThan', 0)] },
  'intent.pricing': { all: [hasTopic('pricing')] },
  'intent.timeline': { all: [hasTopic('timeline')] },
  'intent.switching': { any: [hasTopic('migration'), hasTopic('trial')] },
  'intent.pricing-page': { all: [fact('views', 'greaterThanInclusive', 3)] },
  'intent.trial': { all: [fact('trials', 'greaterThan', 0)] },
  'intent.support-only': { all: [hasTopic('support'), fact('topics', 'doesNotContain', 'demo')] },
  'intent.phone': { all: [fact('hasPhone', 'equal', true), fact('country', 'in', COUNTRIES)] },
  'stop.competitor': { all: [fact('domain', 'in', COMPETITORS)] },
  'stop.opted-out': { all: [fact('optedOut', 'equal', true)] },
  'floor.named': { all: [fact('domain', 'in', NAMED), fact('seniority', 'in', DECIDES)] },
};

/** json-logic-engine with every rule built to a function of its own. `unknown`: two functions a rule. */
export function jsonLogicPeer({ unknown = false } = {}): Peer {
  const engine = new LogicEngine();
  const build = (logic: Logic) => engine.build(logic) as (facts: Facts) => unknown;
  const rules = Object.entries(LOGIC).map(([id, logic]) => ({ id, test: build(logic) }));
  const open = Object.entries(unknown ? CONDITIONS : {}).map(([id, condition]) => {
    return { id, test: build(unknownLogicOf(condition)) };
  });
  return async (leads, now, take) => {
    for (const lead of leads) {
      const facts = factsOf(lead, now);
      const fired: string[] = [];
      const unknowns: string[] = [];
      for (const { id, test } of rules) if (test(facts)) fired.push(id);
      for (const { id, test } of open) if (test(facts)) unknowns.push(id);
      take(scoreFired(fired, facts, now, unknown ? unknowns : undefined));
    }
  };
}

/** json-rules-engine with all rules in one engine. `unknown`: two rules a rule. */
export function jsonRulesPeer({ unknown = false } = {}): Peer {
  const engine = new Engine([], { allowUndefinedFacts: true });
  for (const [id, conditions] of Object.entries(CONDITIONS)) {
    engine.addRule({ name: id, conditions, event: { type: id } });
    if (!unknown) continue;
    const params = { isUnknown: true };
    const event = { type: id, params };
    engine.addRule({ name: `${id}?`, conditions: unknownOf(conditions), event });
  }
  return async (leads, now, take) => {
    for (const lead of leads) {
      const facts = factsOf(lead, now);
      const { events } = await engine.run({ ...facts });
      const fired: string[] = [];
      const unknowns: string[] = [];
      for (const { type, params } of events) (params === undefined ? fired : unknowns).push(type);
      take(scoreFired(fired, facts, now, unknown ? unknowns : undefined));
    }
  };
}

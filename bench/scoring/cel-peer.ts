import { createCelEnvironment, parseCel, Signals } from '../../src/scoring/cel-environment.ts';
import { type FeatureSnapshot, FIELDS } from '../../src/scoring/features.ts';
import { type Facts, factsOf, scoreFired } from './fired-rules.ts';
import type { Peer } from './peers.ts';
import { benchRules } from './rule-pack.ts';

/** cel-js alone, on the same expressions: what throws for want of a field is unknown. */
export function celPeer(): Peer {
  const { conditions, lists } = expressions();
  const environment = createCelEnvironment({
    lists: Object.keys(lists),
    fields: FIELDS,
    derived: false,
  });
  const rules = conditions.map(({ id, when }) => {
    const parsed = parseCel(environment, when);
    const { valid } = parsed.check();
    if (!valid) throw new Error(`cel-js does not take ${when}`);
    return { id, parsed };
  });
  return async (leads, now, take) => {
    for (const lead of leads) {
      const facts = factsOf(lead, now);
      const context = celContext(lead, facts, lists, now);
      const fired: string[] = [];
      for (const { id, parsed } of rules) {
        try {
          if (parsed(context) === true) fired.push(id);
        } catch {
          // Unknown.
        }
      }
      take(scoreFired(fired, facts, now));
    }
  };
}

type Sources = { rules?: Source[]; stops?: Source[]; floors?: Source[] };
type Source = { id: string; when: string };

function expressions() {
  const files = benchRules();
  const read = (name: string): unknown => JSON.parse(files[name] ?? '{}');
  const { lists } = read('model.yml') as { lists: Record<string, string[]> };
  const conditions = ['fit.yml', 'intent.yml', 'disqualify.yml'].flatMap((name) => {
    const { rules = [], stops = [], floors = [] } = read(name) as Sources;
    return [...rules, ...stops, ...floors];
  });
  return { conditions, lists };
}

function celContext({ fields }: FeatureSnapshot, facts: Facts, lists: unknown, now: number) {
  const roots: Record<string, Record<string, unknown>> = { lead: {}, company: {}, source: {} };
  for (const name in fields) {
    const value = fields[name];
    if (value === null || value === undefined) continue;
    const dot = name.indexOf('.');
    const root = roots[name.slice(0, dot)];
    const isInt = name === 'company.employees';
    if (root !== undefined) root[name.slice(dot + 1)] = isInt ? BigInt(Number(value)) : value;
  }
  const counts = new Map([
    ['demo_requested', facts.demos],
    ['pricing_viewed', facts.views],
    ['trial_started', facts.trials],
  ]);
  const signals = new Signals({
    count: (kind) => {
      const count = counts.get(kind) ?? null;
      if (count === null) throw new Error('no source sends this kind');
      return count;
    },
    last: (kind) => (kind === 'pricing_viewed' ? facts.lastView : facts.lastTrial),
  });
  return { ...roots, lists, now: new Date(now), signals };
}

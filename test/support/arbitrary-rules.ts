import fc from 'fast-check';
import type { FeatureSnapshot } from '../../src/scoring/features.ts';

/** Rule packs and leads by chance: small on purpose, so that every completion can be tried. */

export const NOW = new Date('2026-06-03T10:00:00.000Z');
const DAY = 86_400_000;

export const POOLS: Record<string, (string | number | boolean | string[])[]> = {
  'lead.email_kind': ['work', 'free', 'disposable'],
  'lead.email_domain': ['rival.example', 'named.example', 'other.example'],
  'lead.seniority': ['c_level', 'vp', 'director', 'manager', 'staff', 'student'],
  'lead.country': ['DE', 'US', 'XX', 'YY'],
  'lead.topics': subsets(['demo', 'pricing', 'jobs']),
  'lead.has_phone': [true, false],
  'lead.opted_out': [true, false],
  'company.employees': [-1, 0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 1001],
  'company.annual_revenue': [-5, 0, 0.25, 0.5, 3, 1e6, 2e6],
};
export const FIELD_POOL = Object.keys(POOLS);

function subsets(items: string[]): string[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => (bits >> index) % 2 === 1),
  );
}

const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const quoted = (items: string[]) => fc.constantFrom(...items.map((item) => `"${item}"`));

/** Questions about one thing. Their constants are all in the pools, with values on both sides. */
export const simpleAtom: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(comparison, fc.constantFrom(0, 10, 100, 1000))
    .map(([op, n]) => `company.employees ${op} ${n}`),
  fc.constantFrom(
    'company.annual_revenue > 0.5',
    'company.annual_revenue <= 0.0',
    '1000000.0 < company.annual_revenue',
  ),
  quoted(['vp', 'student', 'manager']).map((value) => `lead.seniority == ${value}`),
  fc.constant('lead.seniority in ["c_level", "vp", "director"]'),
  quoted(['free', 'work']).map((value) => `lead.email_kind != ${value}`),
  quoted(['DE', 'US']).map((value) => `lead.country == ${value}`),
  fc.constantFrom('lead.country in lists.countries', 'lead.email_domain in lists.rivals'),
  quoted(['demo', 'pricing', 'jobs']).map((topic) => `${topic} in lead.topics`),
  fc.constantFrom('lead.has_phone', '!lead.opted_out', 'lead.opted_out == true'),
  fc.constantFrom('lead.topics.exists(t, t in ["demo", "jobs"])', '10 > company.employees'),
  fc.constantFrom('has(lead.country)', 'has(company.employees)', '!has(lead.topics)'),
  fc.constantFrom(
    'signals.count("seen") >= 2',
    'signals.has("seen", days(7))',
    'signals.has("gone")',
    'signals.count("gone") > 1',
  ),
  fc.constantFrom('true', 'false'),
);

/** Questions about one kind of signal over several time spans. */
export const spanAtom: fc.Arbitrary<string> = fc.constantFrom(
  'signals.has("gone")',
  'signals.has("gone", days(7))',
  'signals.count("gone", days(30)) > 1',
);

/** Questions that the range cannot split into cells, or that fail on some values. */
export const oddAtom: fc.Arbitrary<string> = fc.constantFrom(
  '100 / company.employees > 5',
  'company.employees % 10 == 0',
  'company.employees * 2 > 100',
  'lead.email_domain.startsWith("rival")',
  'lead.email_domain.matches("^(r|n)")',
  'lead.seniority.contains("e")',
  'lead.country == lead.email_domain',
  'size(lead.topics) > 1',
  'lead.topics[0] == "demo"',
  'lead.topics.all(t, t != "jobs")',
  'lead.topics.exists(t, t == lead.country)',
  'now - signals.last("seen") < days(10)',
  'signals.last("gone") > now - days(3)',
  '(lead.has_phone ? company.employees : 5) > 10',
  'double(company.employees) > company.annual_revenue',
  'signals.count("gone", days(3)) > 0 && signals.count("gone", days(30)) < 5',
  'lead.topics == ["demo"]',
  'company.employees > 10.5',
  '-company.employees < -10',
);

export function condition(atom: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: atom },
    {
      weight: 2,
      arbitrary: fc
        .tuple(atom, fc.constantFrom('&&', '||'), atom)
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    },
    { weight: 1, arbitrary: atom.map((a) => `!(${a})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(atom, atom, atom).map(([a, b, c]) => `((${a}) || (${b})) && !(${c})`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(atom, atom, atom).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    },
  );
}

export interface ArbitraryRule {
  axis: 'fit' | 'intent';
  group: 'first' | 'max' | 'sum' | null;
  when: string;
  points: number;
  /** Kind of signal that the decay starts from; null: none. */
  decay: 'seen' | 'gone' | null;
  why?: string;
  expires?: string;
}

export interface ArbitraryPack {
  rules: ArbitraryRule[];
  stops: string[];
  floors: { when: string; tier: string }[];
  ceilings: { when: string; tier: string }[];
  caps: { fit: number; intent: number };
  axisFloors: boolean;
}

export function arbitraryPack(atom: fc.Arbitrary<string>): fc.Arbitrary<ArbitraryPack> {
  const when = condition(atom);
  const decay = fc.constantFrom(
    'seen' as const,
    'seen' as const,
    'gone' as const,
    ...Array(7).fill(null),
  );
  const bound = fc.record({ when, tier: fc.constantFrom('A', 'B', 'C') });
  return fc.record({
    rules: fc.array(
      fc.record({
        axis: fc.constantFrom('fit' as const, 'intent' as const),
        group: fc.constantFrom('first' as const, 'max' as const, 'sum' as const, null, null, null),
        when,
        points: fc.integer({ min: -25, max: 40 }),
        decay,
      }),
      { minLength: 1, maxLength: 7 },
    ),
    stops: fc.array(when, { maxLength: 2 }),
    floors: fc.array(bound, { maxLength: 1 }),
    ceilings: fc.array(bound, { maxLength: 1 }),
    caps: fc.constantFrom({ fit: 60, intent: 40 }, { fit: 30, intent: 20 }),
    axisFloors: fc.boolean(),
  });
}

/** The pack as rule files. `rename` lets a test rewrite each condition. */
export function packFiles(
  pack: ArbitraryPack,
  options: { rename?: (when: string) => string; shuffle?: boolean } = {},
): Record<string, string> {
  const rename = options.rename ?? ((when: string) => when);
  const rulesOf = (axis: string) => {
    const rules = pack.rules
      .map((rule, index) => ({ rule, id: `${axis}.r${index}` }))
      .filter(({ rule }) => rule.axis === axis)
      .map(({ rule, id }) => ({
        id,
        axis,
        ...(rule.group === null ? {} : { group: `${axis}-${rule.group}` }),
        when: rename(rule.when),
        points: rule.points,
        ...(rule.why === undefined ? {} : { why: rule.why }),
        ...(rule.expires === undefined ? {} : { expires: rule.expires }),
        ...(rule.decay === null
          ? {}
          : { decay: { since: `signals.last("${rule.decay}")`, half_life: '14d' } }),
      }));
    const groups = [
      { id: `${axis}-first`, pick: 'first' },
      { id: `${axis}-max`, pick: 'max' },
      { id: `${axis}-sum`, pick: 'sum', cap: 25 },
    ];
    return JSON.stringify({ groups, rules: options.shuffle ? rules.reverse() : rules });
  };
  const tier = (points: number, more = {}) => ({ points, sla_minutes: 60, ...more });
  const extra = pack.axisFloors ? { fit: 10, intent: 5 } : {};
  return {
    'model.yml': JSON.stringify({
      caps: pack.caps,
      tiers: { A: tier(45, extra), B: tier(30), C: tier(15), D: tier(0) },
      mql: { points: 30 },
      override_reasons: [{ code: 'other', label: 'Other' }],
      disqualify_reasons: [{ code: 'other', label: 'Other' }],
      signals: { web: ['seen'] },
      lists: { countries: ['DE', 'US'], rivals: ['rival.example', 'second-rival.example'] },
    }),
    'fit.yml': rulesOf('fit'),
    'intent.yml': rulesOf('intent'),
    'disqualify.yml': JSON.stringify({
      stops: pack.stops.map((when, i) => ({ id: `stop.s${i}`, code: 'other', when: rename(when) })),
      floors: pack.floors.map((one, i) => ({ id: `floor.f${i}`, ...one, when: rename(one.when) })),
      ceilings: pack.ceilings.map((one, i) => ({
        id: `ceiling.c${i}`,
        ...one,
        when: rename(one.when),
      })),
    }),
    'routing.yml': JSON.stringify({
      teams: [
        {
          id: 'one',
          channel: 'one',
          reps: [],
          assignment: 'round_robin',
          hours: { time_zone: 'UTC', days: ['mon'], from: '09:00', to: '17:00' },
        },
      ],
      routes: [{ id: 'route.all', team: 'one' }],
    }),
  };
}

/** A lead whose fields are missing about `missing` times in ten. */
export function arbitrarySnapshot(missing: number): fc.Arbitrary<FeatureSnapshot> {
  const fields = Object.fromEntries(
    FIELD_POOL.map((name) => [
      name,
      fc.oneof(
        { weight: missing, arbitrary: fc.constant(null) },
        { weight: 10 - missing, arbitrary: fc.constantFrom(...(POOLS[name] ?? [])) },
      ),
    ]),
  );
  const signal = fc.record({
    kind: fc.constantFrom('seen', 'gone'),
    occurredAt: fc
      .integer({ min: -2, max: 60 })
      .map((days) => new Date(NOW.getTime() - days * DAY).toISOString()),
  });
  return fc.record({
    fields: fc.record(fields),
    signals: fc.array(signal, { maxLength: 4 }),
    declaredSignals: fc.constantFrom(['seen'], ['seen', 'gone']),
  }) as fc.Arbitrary<FeatureSnapshot>;
}

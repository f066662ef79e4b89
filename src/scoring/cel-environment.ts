import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { RE2JS } from 're2js';
import { CUSTOM_ROOT, type FieldCatalog } from './features.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Groups of fields as written in rules: lead.country is field "country" of root "lead". */
export const ROOTS = ['lead', 'company', 'source', CUSTOM_ROOT] as const;
export const DURATION_FUNCTIONS: Readonly<Record<string, number>> = {
  days: DAY_MS,
  hours: HOUR_MS,
  minutes: MINUTE_MS,
};
export const DURATION = 'google.protobuf.Duration';
export const TIMESTAMP = 'google.protobuf.Timestamp';

/** Ours in place of the library's `matches`, which backtracks. */
export const MATCHES = 'matches_re2';

/** What cel-js itself calls when it evaluates: used by tests as the oracle, never by scoring. */
export interface SignalOracle {
  count(kind: string, windowMs: number | null): number;
  last(kind: string): number;
}

export class Signals {
  readonly oracle: SignalOracle;
  constructor(oracle: SignalOracle) {
    this.oracle = oracle;
  }
}

export interface EnvironmentOptions {
  /** Names of the lists in model.yml. */
  lists: readonly string[];
  fields: FieldCatalog;
  /** Whether `tier` and `points` may be read, as routes may. */
  derived: boolean;
}

const LIMITS = { maxAstNodes: 600, maxDepth: 40, maxListElements: 500, maxCallArguments: 8 };

/** The typed world of a condition: lead, company, source, signals, lists, now. */
export function createCelEnvironment(options: EnvironmentOptions): Environment {
  const environment = new Environment({ limits: LIMITS });
  for (const root of ROOTS) {
    environment.registerVariable({ name: root, schema: rootSchema(root, options.fields) });
  }
  const lists = Object.fromEntries(options.lists.map((name) => [name, 'list<string>']));
  environment.registerVariable({ name: 'lists', schema: lists });
  environment.registerVariable('now', TIMESTAMP);
  if (options.derived) {
    environment.registerVariable('tier', 'string');
    environment.registerVariable('points', 'int');
  }
  registerFunctions(environment);
  return environment;
}

function rootSchema(root: string, fields: FieldCatalog): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { type }]) =>
      name.startsWith(`${root}.`) ? [[name.slice(root.length + 1), type] as const] : [],
    ),
  );
}

function registerFunctions(environment: Environment): void {
  environment.registerType('Signals', Signals);
  environment.registerVariable('signals', 'Signals');
  for (const [name, unit] of Object.entries(DURATION_FUNCTIONS)) {
    environment.registerFunction(`${name}(int): ${DURATION}`, (amount: bigint) => {
      if (!Number.isSafeInteger(Number(amount) * unit)) throw new RangeError('duration too long');
      return new Duration((Number(amount) * unit) / 1000);
    });
  }
  const count = (signals: Signals, kind: string, window?: unknown) =>
    signals.oracle.count(kind, window === undefined ? null : Number(window));
  environment.registerFunction('Signals.count(string): int', (s: Signals, kind: string) =>
    BigInt(count(s, kind)),
  );
  environment.registerFunction(
    `Signals.count(string, ${DURATION}): int`,
    (s: Signals, kind: string, window: unknown) => BigInt(count(s, kind, window)),
  );
  environment.registerFunction(
    'Signals.has(string): bool',
    (s: Signals, kind: string) => count(s, kind) > 0,
  );
  environment.registerFunction(
    `Signals.has(string, ${DURATION}): bool`,
    (s: Signals, kind: string, window: unknown) => count(s, kind, window) > 0,
  );
  environment.registerFunction(
    `Signals.last(string): ${TIMESTAMP}`,
    (s: Signals, kind: string) => new Date(s.oracle.last(kind)),
  );
  environment.registerFunction(`string.${MATCHES}(string): bool`, (text: string, pattern: string) =>
    RE2JS.compile(pattern).matcher(text).find(),
  );
}

/** Parses, with `matches` turned into our linear-time one. Throws cel-js's ParseError. */
export function parseCel(environment: Environment, expression: string) {
  const parsed = environment.parse(expression);
  replaceMatches(parsed.ast);
  return parsed;
}

function replaceMatches(node: ASTNode): void {
  if (node.op === 'rcall' && node.args[0] === 'matches') node.args[0] = MATCHES;
  for (const child of childNodes(node)) replaceMatches(child);
}

export function childNodes(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return [...node.args];
  }
}

/** The type that cel-js found: an undocumented property, so a test pins it. */
export function checkedType(node: ASTNode): string {
  const typed = node as ASTNode & { checkedType?: { name?: string } };
  return typed.checkedType?.name ?? 'dyn';
}

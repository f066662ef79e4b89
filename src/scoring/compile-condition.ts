import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { checkedType, createCelEnvironment, parseCel, TIMESTAMP } from './cel-environment.ts';
import { checkNames, type Vocabulary } from './check-names.ts';
import type { Atom, Run } from './code.ts';
import { Compilation } from './compile-node.ts';
import { ExpressionProblem } from './expression-problem.ts';
import { parseProblem } from './parse-problem.ts';
import { SlotTable } from './slots.ts';
import { said, typeProblem } from './type-problem.ts';

/** An expression compiled once. `run` never throws: undefined means unknown. */
export interface CompiledExpression {
  source: string;
  /** As parsed and type-checked, for generated code; null when it is not from an expression. */
  ast: ASTNode | null;
  /** CEL type name: "bool", "int", "google.protobuf.Timestamp". */
  type: string;
  run: Run;
  /** Slots that it reads, ascending. */
  reads: readonly number[];
  atoms: readonly Atom[];
  /** Slots that it reads other than by an atom: the range cannot split those exactly. */
  whole: ReadonlySet<number>;
}

export type CompileResult =
  | { ok: true; expression: CompiledExpression }
  | { ok: false; message: string; hint: string | undefined; start: number; end: number };

/** What the expressions of one ruleset share: the typed world and the slots. */
export interface ExpressionContext {
  environment: Environment;
  vocabulary: Vocabulary;
  lists: Readonly<Record<string, readonly string[]>>;
  table: SlotTable;
}

export function createExpressionContext(options: {
  lists: Readonly<Record<string, readonly string[]>>;
  signals: readonly string[];
  table?: SlotTable;
  /** Routes may read `tier` and `points`; scores may not. */
  derived: boolean;
}): ExpressionContext {
  const lists = Object.keys(options.lists);
  const { table = new SlotTable() } = options;
  const { fields } = table;
  return {
    environment: createCelEnvironment({ lists, fields, derived: options.derived }),
    vocabulary: { lists, fields, signals: options.signals, derived: options.derived },
    lists: options.lists,
    table,
  };
}

/** Compiles a condition: true, false or unknown. */
export function compileCondition(context: ExpressionContext, source: string): CompileResult {
  return compileExpression(context, source, 'bool');
}

/** Compiles an expression of the wanted type ("any" for the parts of a `why`). */
export function compileExpression(
  context: ExpressionContext,
  source: string,
  wanted: 'bool' | 'time' | 'any',
): CompileResult {
  try {
    return { ok: true, expression: compiled(context, source, wanted) };
  } catch (error) {
    if (error instanceof ExpressionProblem) {
      const { message, hint, start, end } = error;
      return { ok: false, message, hint, start, end };
    }
    if (error instanceof RangeError) {
      return { ok: false, message: 'The expression is nested too deeply', hint: undefined, ...ALL };
    }
    throw error;
  }
}

const ALL = { start: 0, end: 0 };

function compiled(
  context: ExpressionContext,
  source: string,
  wanted: 'bool' | 'time' | 'any',
): CompiledExpression {
  const ast = checkedAst(context, source);
  const type = checkedType(ast);
  if (wanted === 'bool' && type !== 'bool') {
    const hint = 'Compare it with something: company.employees > 0.';
    throw new ExpressionProblem(
      `A condition must be true or false, this is ${said(type)}`,
      ast,
      hint,
    );
  }
  if (wanted === 'time' && type !== TIMESTAMP) {
    const hint = 'Such as signals.last("pricing_viewed").';
    throw new ExpressionProblem(`This must be a time, it is ${said(type)}`, ast, hint);
  }
  const compilation = new Compilation(context.table, context.lists);
  const code = compilation.operand(ast);
  return {
    source,
    ast,
    type,
    run: code.run,
    reads: [...compilation.reads].sort((a, b) => a - b),
    atoms: compilation.atoms,
    whole: compilation.whole,
  };
}

function checkedAst(context: ExpressionContext, source: string): ASTNode {
  let parsed: ReturnType<typeof parseCel>;
  try {
    parsed = parseCel(context.environment, source);
  } catch (error) {
    throw parseProblem(error, source);
  }
  checkNames(parsed.ast, context.vocabulary);
  const { valid, error } = parsed.check();
  if (!valid) throw typeProblem(error, source);
  return parsed.ast;
}

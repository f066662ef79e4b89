import type { ASTNode } from '@marcbachmann/cel-js';
import { isRoot } from './check-names.ts';
import { type Atom, type Code, constant, fold, type NodeCompiler } from './code.ts';
import { compileCall, compileMethod } from './compile-call.ts';
import { ExpressionProblem } from './expression-problem.ts';
import { binaryOperator, negate, not } from './operators.ts';
import type { SlotTable, Value } from './slots.ts';

export class Compilation implements NodeCompiler {
  readonly table: SlotTable;
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly reads = new Set<number>();
  readonly atoms: Atom[] = [];
  /** Slots read in a way that is not an atom. */
  readonly whole = new Set<number>();
  readonly #locals = new Map<string, number>();

  constructor(table: SlotTable, lists: Readonly<Record<string, readonly string[]>>) {
    this.table = table;
    this.lists = lists;
  }

  /** Compiles a node whose value is used as it comes. */
  operand(node: ASTNode): Code {
    return this.settle(this.node(node));
  }

  settle(code: Code): Code {
    if (code.slot !== undefined) this.whole.add(code.slot);
    return code;
  }

  /** Compiles a node that may still become part of an atom: the caller settles it when it does not. */
  node(node: ASTNode): Code {
    switch (node.op) {
      case 'value':
        return constant(typeof node.args === 'bigint' ? Number(node.args) : literal(node));
      case 'id':
        return this.#identifier(node);
      case '.':
        return this.#access(node);
      case '[]':
        return this.#index(node);
      case 'call':
        return compileCall(this, node);
      case 'rcall':
        return compileMethod(this, node);
      case 'list':
        return this.#list(node);
      case '!_':
        return fold([this.operand(node.args)], ([value]) => not(value));
      case '-_':
        return fold([this.operand(node.args)], ([value]) => negate(value));
      case '&&':
        return this.#and(node);
      case '||':
        return this.#or(node);
      case '?:':
        return this.#choice(node);
      case '.?':
      case '[?]':
      case 'map':
        throw new ExpressionProblem('This form is not available in rules', node);
      default:
        return binaryOperator(this, node);
    }
  }

  slot(index: number): Code {
    this.reads.add(index);
    return { slot: index, run: (values) => values[index] };
  }

  withLocal<T>(name: string, use: (slot: number) => T): T {
    const slot = this.table.add({ kind: 'local', name });
    this.#locals.set(name, slot);
    const result = use(slot);
    this.#locals.delete(name);
    return result;
  }

  #identifier(node: Extract<ASTNode, { op: 'id' }>): Code {
    const local = this.#locals.get(node.args);
    if (local !== undefined) return { run: (values) => values[local] };
    if (node.args === 'now') return { run: (_values, now) => now };
    if (node.args === 'tier' || node.args === 'points') {
      return this.slot(this.table.add({ kind: 'derived', name: node.args }));
    }
    throw new ExpressionProblem(`Unknown name "${node.args}"`, node);
  }

  #access(node: Extract<ASTNode, { op: '.' }>): Code {
    const [left, name] = node.args;
    if (left.op === 'id' && left.args === 'lists') {
      return constant(Object.hasOwn(this.lists, name) ? this.lists[name] : undefined);
    }
    const full = left.op === 'id' && isRoot(left.args) ? `${left.args}.${name}` : '';
    const field = this.table.field(full);
    if (field === undefined) throw new ExpressionProblem(`There is no field "${name}" here`, node);
    return this.slot(this.table.add({ kind: 'field', name: full, field }));
  }

  #index(node: Extract<ASTNode, { op: '[]' }>): Code {
    return fold(
      node.args.map((arg) => this.operand(arg)),
      ([list, index]) =>
        Array.isArray(list) && typeof index === 'number' && index >= 0 ? list[index] : undefined,
    );
  }

  #list(node: Extract<ASTNode, { op: 'list' }>): Code {
    return fold(
      node.args.map((arg) => this.operand(arg)),
      (values) => {
        const items = values.filter((value) => typeof value !== 'object' && value !== undefined);
        return items.length === values.length
          ? (items as (string | number | boolean)[])
          : undefined;
      },
    );
  }

  #and(node: Extract<ASTNode, { op: '&&' }>): Code {
    const left = this.operand(node.args[0]).run;
    const right = this.operand(node.args[1]).run;
    return {
      run: (values, now) => {
        const first = left(values, now);
        if (first === false) return false;
        const second = right(values, now);
        return second === false || first !== undefined ? second : undefined;
      },
    };
  }

  #or(node: Extract<ASTNode, { op: '||' }>): Code {
    const left = this.operand(node.args[0]).run;
    const right = this.operand(node.args[1]).run;
    return {
      run: (values, now) => {
        const first = left(values, now);
        if (first === true) return true;
        const second = right(values, now);
        return second === true || first !== undefined ? second : undefined;
      },
    };
  }

  #choice(node: Extract<ASTNode, { op: '?:' }>): Code {
    const [condition, yes, no] = [
      this.operand(node.args[0]).run,
      this.operand(node.args[1]).run,
      this.operand(node.args[2]).run,
    ];
    return {
      run: (values, now) => {
        const chosen = condition(values, now);
        if (chosen === undefined) return undefined;
        return chosen === true ? yes(values, now) : no(values, now);
      },
    };
  }
}

function literal(node: Extract<ASTNode, { op: 'value' }>): Value {
  const { args } = node;
  if (typeof args === 'string' || typeof args === 'number' || typeof args === 'boolean')
    return args;
  throw new ExpressionProblem('This kind of literal is not available in rules', node);
}

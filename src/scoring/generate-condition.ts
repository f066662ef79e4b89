import type { ASTNode } from '@marcbachmann/cel-js';
import { checkedType, DURATION, TIMESTAMP } from './cel-environment.ts';
import { signalWindow } from './check-names.ts';
import type { Code } from './code.ts';
import type { CompiledExpression } from './compile-condition.ts';
import { Compilation } from './compile-node.ts';
import type { GeneratedCode } from './generated-code.ts';
import type { SlotTable, Value } from './slots.ts';

/** A piece of generated code whose value is that of an expression. */
interface Piece {
  js: string;
  /** A slot, a constant or a temporary: may be written twice. */
  isName: boolean;
  /** Never unknown. */
  isKnown: boolean;
}

const SCALARS = ['string', 'int', 'double', 'bool', TIMESTAMP, DURATION];
const OPERATORS: Readonly<Record<string, string>> = {
  '==': '===',
  '!=': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
/** Longer lists are looked up in a set. */
const MAX_COMPARISONS = 6;

/**
 * Writes conditions as code: logic, comparison, membership and signals. Any other node becomes a call of
 * its closure, so that only this list of forms has to be proven.
 */
export class ConditionWriter {
  readonly #code: GeneratedCode;
  readonly #table: SlotTable;
  readonly #lists: Readonly<Record<string, readonly string[]>>;

  constructor(
    code: GeneratedCode,
    table: SlotTable,
    lists: Readonly<Record<string, readonly string[]>>,
  ) {
    this.#code = code;
    this.#table = table;
    this.#lists = lists;
  }

  write(expression: CompiledExpression): string {
    if (expression.ast === null) return `${this.#code.constant(expression.run)}(v, now)`;
    return this.#piece(expression.ast).js;
  }

  #piece(node: ASTNode): Piece {
    switch (node.op) {
      case '&&':
        return this.#logic(node.args, 'false');
      case '||':
        return this.#logic(node.args, 'true');
      case '!_':
        return this.#not(node.args);
      case '?:':
        return this.#choice(node.args);
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#comparison(node) ?? this.#closure(node);
      case 'in':
        return this.#membership(node) ?? this.#closure(node);
      case 'rcall':
        return this.#signalSeen(node) ?? this.#closure(node);
      default:
        return this.#closure(node);
    }
  }

  #not(operand: ASTNode): Piece {
    const piece = this.#piece(operand);
    if (piece.isKnown) return part(`!${piece.js}`, true);
    const { first, name } = this.#named(piece);
    return part(`(${first} === undefined ? undefined : !${name})`, false);
  }

  /** `&&` and `||`: one side can decide alone, also when the other is unknown. */
  #logic([left, right]: readonly [ASTNode, ASTNode], decides: 'true' | 'false'): Piece {
    const one = this.#piece(left);
    const two = this.#piece(right);
    if (one.isKnown) {
      return part(`(${one.js} ${decides === 'true' ? '||' : '&&'} ${two.js})`, two.isKnown);
    }
    const a = this.#named(one);
    const b = this.#named(two);
    const otherwise = `${b.first} === ${decides} || ${a.name} !== undefined ? ${b.name} : undefined`;
    return part(`(${a.first} === ${decides} ? ${decides} : ${otherwise})`, false);
  }

  #choice([condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode]): Piece {
    const asked = this.#piece(condition);
    const left = this.#piece(yes);
    const right = this.#piece(no);
    if (asked.isKnown) {
      return part(`(${asked.js} ? ${left.js} : ${right.js})`, left.isKnown && right.isKnown);
    }
    const { first, name } = this.#named(asked);
    return part(`(${first} === undefined ? undefined : ${name} ? ${left.js} : ${right.js})`, false);
  }

  #comparison(node: Extract<ASTNode, { op: '==' | '!=' | '<' | '<=' | '>' | '>=' }>): Piece | null {
    const operator = OPERATORS[node.op];
    const [left, right] = node.args;
    const isScalar = node.args.every((side) => SCALARS.includes(checkedType(side)));
    if (operator === undefined || !isScalar) return null;
    const sides = [this.#piece(left), this.#piece(right)];
    const open: string[] = [];
    const names = sides.map((side) => {
      if (side.isKnown) return side.js;
      const { first, name } = this.#named(side);
      open.push(`${first} === undefined`);
      return name;
    });
    const answer = names.join(` ${operator} `);
    if (open.length === 0) return part(`(${answer})`, true);
    return part(`(${open.join(' || ')} ? undefined : ${answer})`, false);
  }

  /** `x in [constants]`; `"text" in field` is a slot of its own. */
  #membership(node: Extract<ASTNode, { op: 'in' }>): Piece | null {
    const [needle, haystack] = node.args;
    const list = this.#compile(haystack).constant?.value;
    if (!Array.isArray(list) || !SCALARS.includes(checkedType(needle))) return null;
    const item = this.#piece(needle);
    const { first, name } = this.#named(item);
    const test = this.#oneOf(name, list);
    if (item.isKnown) return part(`(${first}, ${test})`, true);
    return part(`(${first} === undefined ? undefined : ${test})`, false);
  }

  #oneOf(name: string, list: readonly Value[]): string {
    if (list.length === 0) return 'false';
    if (list.length > MAX_COMPARISONS) return `${this.#code.constant(new Set(list))}.has(${name})`;
    return `(${list.map((value) => `${name} === ${this.#code.constant(value)}`).join(' || ')})`;
  }

  #signalSeen(node: Extract<ASTNode, { op: 'rcall' }>): Piece | null {
    const [name, receiver, [kind, window]] = node.args;
    const isSignals = receiver.op === 'id' && receiver.args === 'signals';
    if (!isSignals || name !== 'has' || kind?.op !== 'value') return null;
    const windowMs = window === undefined ? null : signalWindow(window);
    const slot = this.#table.add({ kind: 'count', signal: String(kind.args), windowMs });
    return part(`(v${slot} === undefined ? undefined : v${slot} > 0)`, false);
  }

  #compile(node: ASTNode): Code {
    return new Compilation(this.#table, this.#lists).node(node);
  }

  #closure(node: ASTNode): Piece {
    const { run, slot, constant } = this.#compile(node);
    if (slot !== undefined) {
      const isKnown = this.#table.slots[slot]?.kind === 'presence';
      return { js: `v${slot}`, isName: true, isKnown };
    }
    if (constant !== undefined) {
      const isKnown = constant.value !== undefined;
      return { js: this.#code.constant(constant.value), isName: true, isKnown };
    }
    return part(`${this.#code.constant(run)}(v, now)`, false);
  }

  /** A piece that is written more than once: `first` where it first stands, then `name`. */
  #named({ js, isName }: Piece): { first: string; name: string } {
    if (isName) return { first: js, name: js };
    const name = this.#code.temporary();
    return { first: `(${name} = ${js})`, name };
  }
}

function part(js: string, isKnown: boolean): Piece {
  return { js, isName: false, isKnown };
}

import type { ASTNode } from '@marcbachmann/cel-js';
import type { SlotTable, Value } from './slots.ts';

export type Run = (values: Value[], now: number) => Value;

/** A compiled piece of an expression. */
export interface Code {
  run: Run;
  /** Set when it reads nothing that can change: then it is worked out once, here. */
  constant?: { value: Value };
  /** Set when it is nothing but the value of this slot. */
  slot?: number;
}

/** A question about one slot that the range can split on: "is it one of these", "is it at least this". */
export interface Atom {
  slot: number;
  /** What the slot is compared with: the cells lie between and at these. */
  constants: readonly (string | number)[];
  test: (value: Value) => boolean;
}

/** What the parts of the compiler need of each other. */
export interface NodeCompiler {
  readonly table: SlotTable;
  readonly reads: Set<number>;
  readonly atoms: Atom[];
  /** Slots read in a way that is not an atom. */
  readonly whole: Set<number>;
  /** Compiles a node whose value is used as it comes. */
  operand(node: ASTNode): Code;
  /** Compiles a node that may still become part of an atom: the caller settles it when it does not. */
  node(node: ASTNode): Code;
  settle(code: Code): Code;
  slot(index: number): Code;
  withLocal<T>(name: string, use: (slot: number) => T): T;
}

export function constant(value: Value): Code {
  return { run: () => value, constant: { value } };
}

/** Applies a function to operands that must all be known; done once when they are constants. */
export function fold(operands: readonly Code[], apply: (values: Value[]) => Value): Code {
  const known = operands.map((operand) => operand.constant?.value);
  if (operands.every((operand) => operand.constant !== undefined)) {
    return constant(known.includes(undefined) ? undefined : apply(known));
  }
  const runs = operands.map((operand) => operand.run);
  const [first, second] = runs;
  if (first !== undefined && runs.length === 1) {
    return {
      run: (values, now) => {
        const value = first(values, now);
        return value === undefined ? undefined : apply([value]);
      },
    };
  }
  if (first !== undefined && second !== undefined && runs.length === 2) {
    return {
      run: (values, now) => {
        const left = first(values, now);
        const right = second(values, now);
        return left === undefined || right === undefined ? undefined : apply([left, right]);
      },
    };
  }
  return {
    run: (values, now) => {
      const results = runs.map((run) => run(values, now));
      return results.includes(undefined) ? undefined : apply(results);
    },
  };
}

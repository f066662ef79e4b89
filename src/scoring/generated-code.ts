/**
 * Text of generated code. Nothing that a person wrote gets into it: literals, names and texts are bound as
 * constants (k0, k1, ...), values of a lead are slots (v0, v1, ...).
 */
export class GeneratedCode {
  readonly constants: unknown[] = [];
  readonly #byValue = new Map<unknown, string>();
  #temporaries = 0;

  /** The name under which the code finds a value. */
  constant(value: unknown): string {
    // A map takes -0 and 0 for the same.
    const known = Object.is(value, -0) ? undefined : this.#byValue.get(value);
    if (known !== undefined) return known;
    const name = `k${this.constants.push(value) - 1}`;
    this.#byValue.set(value, name);
    return name;
  }

  temporary(): string {
    return `t${this.#temporaries++}`;
  }

  /** A function of (snapshot, date) with these statements. */
  writeFunction(name: string, body: readonly string[]): string[] {
    const temporaries = Array.from({ length: this.#temporaries }, (_, index) => `t${index}`);
    const declared = temporaries.length === 0 ? [] : [`let ${temporaries.join(', ')};`];
    return [`function ${name}(snapshot, date) {`, ...declared, ...body, '}'];
  }

  /** A factory that takes the constants as `k` and gives `result`, which may name these functions. */
  source(functions: readonly string[], result: string): string {
    const constants = this.constants.map((_, index) => `const k${index} = k[${index}];`);
    return ["'use strict';", ...constants, ...functions, `return ${result};`].join('\n');
  }
}

/** "v0, v1, v2": one name for each. */
export function names(prefix: string, of: readonly unknown[]): string {
  return of.map((_, index) => `${prefix}${index}`).join(', ');
}

/**
 * Turns the source of a factory into its function; null where the runtime forbids code from text
 * (`node --disallow-code-generation-from-strings`).
 */
export function linkCode(source: string, constants: readonly unknown[]): unknown {
  try {
    const factory = new Function('k', source) as (k: readonly unknown[]) => unknown;
    return factory(constants);
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

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

  /** All temporaries, to be declared. */
  temporaries(): string[] {
    return Array.from({ length: this.#temporaries }, (_, index) => `t${index}`);
  }

  /** Source of a factory that takes the constants and gives a function with this body. */
  factory(parameters: readonly string[], body: readonly string[]): string {
    const constants = this.constants.map((_, index) => `k${index} = k[${index}]`);
    const bound = constants.length === 0 ? '' : `const ${constants.join(', ')};`;
    const declared = this.#temporaries === 0 ? '' : `let ${this.temporaries().join(', ')};`;
    const inner = `return function (${parameters.join(', ')}) {\n${declared}\n${body.join('\n')}\n};`;
    return `'use strict';\n${bound}\n${inner}`;
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

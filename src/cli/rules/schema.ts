import { rulesJsonSchema } from '../../scoring/rules-json-schema.ts';

/** Prints the schema that editors complete and check rule files with. */
export function runRulesSchema(): number {
  process.stdout.write(`${JSON.stringify(rulesJsonSchema(), null, 2)}\n`);
  return 0;
}

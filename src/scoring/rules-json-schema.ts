import { z } from 'zod';
import {
  AxisFile,
  DisqualifyFile,
  ModelFile,
  RoutingFile,
  RULE_FILE_SCHEMAS,
  TestFile,
} from './rule-files.ts';

/**
 * One JSON schema for all rule files, so that editors complete and check them: each file is one of the
 * definitions, told apart by the keys that it must have.
 */
export function rulesJsonSchema(): Record<string, unknown> {
  const named = {
    model: ModelFile,
    axis: AxisFile,
    disqualify: DisqualifyFile,
    routing: RoutingFile,
    test: TestFile,
  };
  const definitions = Object.fromEntries(
    Object.entries(named).map(([name, schema]) => {
      const { $schema: _dialect, ...definition } = z.toJSONSchema(schema, {
        target: 'draft-7',
        io: 'input',
      });
      return [name, definition];
    }),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'First Call rule files',
    description: `Generated. For ${Object.keys(RULE_FILE_SCHEMAS).join(', ')} and *.test.yml.`,
    definitions,
    anyOf: Object.keys(named).map((name) => ({ $ref: `#/definitions/${name}` })),
  };
}

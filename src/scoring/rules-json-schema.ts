import { z } from 'zod';
import {
  AxisFile,
  DisqualifyFile,
  ModelFile,
  RoutingFile,
  RULE_FILE_NAMES,
  TestFile,
} from './rule-files.ts';

/** Which definition of the schema describes which file: named in the first lines of each rule file. */
const DEFINITIONS = {
  model: ModelFile,
  axis: AxisFile,
  disqualify: DisqualifyFile,
  routing: RoutingFile,
  test: TestFile,
};

/**
 * One JSON schema with a definition for each kind of rule file, so that editors complete and check them. The
 * root says nothing: were it "any of these", editors would offer the keys of all files in each of them.
 */
export function rulesJsonSchema(): Record<string, unknown> {
  const definitions = Object.fromEntries(
    Object.entries(DEFINITIONS).map(([name, schema]) => {
      const { $schema: _dialect, ...definition } = z.toJSONSchema(schema, {
        target: 'draft-7',
        io: 'input',
      });
      return [name, definition];
    }),
  );
  const files = `${RULE_FILE_NAMES.join(', ')} and *.test.yml`;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    description: `Generated. For ${files}: each names its definition in a comment at its top.`,
    definitions,
  };
}

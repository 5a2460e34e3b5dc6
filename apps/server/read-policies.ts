import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  parseDecisionCase,
  parseInvariant,
  type DecisionCase,
  type ReleaseText,
} from '@proofline/policy';

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url));

/**
 * The policies as they lie in `policies/`, with the invariants that they hold and the named cases that a
 * release must pass.
 */
export function readPolicies(folder = FOLDER): {
  readonly text: Required<ReleaseText>;
  readonly cases: readonly DecisionCase[];
} {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const named = (part: string, end: string) =>
    files.filter((file) => file.startsWith(part) && file.endsWith(end));
  // Without any, every candidate could be made live unproved (P2: what is missing stops the start).
  if (named('invariants', '.json').length === 0) throw new Error(`no invariants in ${folder}`);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return {
    text: {
      schema: read('schema.cedarschema'),
      policies: files
        .filter((file) => file.endsWith('.cedar'))
        .map((file) => ({ path: relative('.', file).replaceAll('\\', '/'), text: read(file) })),
      invariants: named('invariants', '.json').map((file) =>
        parseInvariant(JSON.parse(read(file))),
      ),
    },
    cases: named('cases', '.json').map((file) => parseDecisionCase(JSON.parse(read(file)))),
  };
}

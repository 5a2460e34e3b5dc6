import { readdirSync, readFileSync } from 'node:fs';
import { parseDecisionCase, type DecisionCase, type ReleaseText } from '../index.ts';

const ROOT = new URL('../../../policies/', import.meta.url);

/** The product's own policies as text. For tests: the package itself reads no files. */
export function productPolicies(): ReleaseText {
  const paths = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.cedar'))
    .toSorted();
  return {
    schema: readFileSync(new URL('schema.cedarschema', ROOT), 'utf8'),
    policies: paths.map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') })),
  };
}

/** The named decision cases beside them. */
export function productCases(): DecisionCase[] {
  return readdirSync(new URL('cases/', ROOT)).map((file) => {
    const text = readFileSync(new URL(`cases/${file}`, ROOT), 'utf8');
    const one = parseDecisionCase(JSON.parse(text));
    if (`${one.name}.json` !== file) throw new Error(`${file} names itself ${one.name}`);
    return one;
  });
}

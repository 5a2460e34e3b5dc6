import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPolicyJson } from '../policy/read-policy-json.ts';
import { parsePolicies } from './parse-policies.ts';
import { comparable, readWithWasm, withBigints } from './testing/read-with-wasm.ts';

/** Cedar's own integration tests (Apache-2.0). Read, never copied. */
const root = join(import.meta.dirname, '../../../../shared/data/cedar');
const present = existsSync(root);

/** Files with integers that cedar-wasm rounds: here only what a double keeps of them is compared. */
const roundedByWasm = [
  '024822cf1c3de5f5ecf30dd8e3c874246a612b5b',
  '0356561c754020e6ba9b47ef0a4a956b85d637dd',
  '03b9d3fbf273142d8dbc0af834d0c9324669c290',
  '03d16fd72ac228679473e882448d77827b0508e3',
  '0410a5b2befdefdd1318d52b64b757124707d57e',
  '04d92ac8ddcd7c982b0c568666461911d510fb5e',
  '053bf41f349980c5cca44816c5daf85e703aeafb',
  '0697d596496de4d774ebd4e28460ce12c28a90a2',
  '07b3d25e0ed222ec2fd4048fd7315ebc1e54dc62',
  '082390fa06231a7f03ec33df76b939a2fcada544',
  '091f44961cae945b2b28880b1f580227711eb684',
  '09bde5ef2bad0c378090667dcb84e204fe59ef61',
  '09e98b229a7e5896afc03203b67608e425e1a65b',
  '0a9f2371a6f18f64235f78013b9843fa9e5a7814',
  '0b430a3e04bee43af0ea986d755d556aeb048b5b',
  '0b7f4c0535fb7cbc31d85ff22408c8c1e9c3e642',
  '0e1757b79d3571a0553d4b151a8cd4c0784455da',
  '0f2a5d464b308cd6e68ae1404529d657ae6bed17',
  '0f6465bb7d67910eb52d33994864179289ea8412',
];

const why = present ? '' : ' (skipped: the shared folder data/cedar is not beside this checkout)';

describe.skipIf(!present)(`Cedar’s own policies read as cedar-wasm reads them${why}`, () => {
  const files = present ? globSync('**/*.cedar', { cwd: root }).toSorted() : ['none'];

  test.each(files)('%s', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const policies = parsePolicies(text);
    let isRounded = false;
    for (const { policy, span, isTemplate } of policies) {
      const json = readWithWasm(text.slice(span.start, span.end));
      expect(json).toBeDefined();
      const exact = withBigints(json);
      isRounded ||= JSON.stringify(exact, bigintsAsText) !== JSON.stringify(json);
      expect(comparable(policy)).toEqual(comparable(readPolicyJson(exact)));
      expect(isTemplate).toBe(JSON.stringify(json).includes('"slot":'));
    }
    expect(isRounded).toBe(roundedByWasm.includes(basename(file, '.cedar')));
  });

  test('are all there', () => {
    expect(files.length).toBeGreaterThanOrEqual(550);
  });
});

function bigintsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { parsePolicies } from '@proofline/cedar';
import { canonicalJson, type Json } from '@proofline/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policyTokens, spaced } from '../cedar/text/testing/policy-texts.ts';
import { canonicalPolicy } from './canonical-policy.ts';
import { productPolicies } from './testing/product-policies.ts';

/** The spelling of cedar-wasm's JSON form, or nothing where it takes the text for no static policy. */
function byWasm(text: string): string | undefined {
  const answer = policyToJson(text);
  if (answer.type === 'failure') return undefined;
  // What `JSON.parse` answers is JSON; its type says `any`.
  return canonicalJson(JSON.parse(JSON.stringify(answer.json)) as Json);
}

function policiesOf(text: string) {
  return parsePolicies(text).map(({ policy, span }) => ({
    ours: canonicalPolicy(policy),
    theirs: byWasm(text.slice(span.start, span.end)),
  }));
}

test('a digest is made of the JSON form that cedar-wasm writes, in RFC 8785’s spelling', () => {
  const product = productPolicies().policies.flatMap(({ text }) => policiesOf(text));
  expect(product.length).toBeGreaterThan(50);
  for (const { ours, theirs } of product) expect(ours).toBe(theirs);

  let compared = 0;
  const property = fc.property(spaced(policyTokens), (text) => {
    // Some are no Cedar.
    if (byWasm(text) === undefined) return;
    for (const { ours, theirs } of policiesOf(text)) {
      // cedar-wasm rounds integers beyond 2^53; and it tells `@a` from `@a("")`, which mean the same.
      if (theirs === undefined || ours.includes('"__long"') || /\(\s*""\s*\)/.test(text)) continue;
      compared += 1;
      expect(ours).toBe(theirs);
    }
  });
  fc.assert(property, { numRuns: 400, seed: 20_261_121 });
  expect(compared).toBeGreaterThan(150);
});

test('integers that JSON would round have different digests', () => {
  const [one, other] = ['9007199254740992', '9007199254740993'].map((number) =>
    policiesOf(`permit (principal, action, resource) when { context.n == ${number} };`),
  );
  expect(one?.[0]?.theirs).toBe(other?.[0]?.theirs);
  expect(one?.[0]?.ours).not.toBe(other?.[0]?.ours);
});

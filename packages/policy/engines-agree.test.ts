import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPermit } from './decide.ts';
import { withChanges } from './engine.ts';
import { compileRelease } from './index.ts';
import { oracleEngine } from './oracle-engine.ts';
import { productCases, productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

const release = productPolicies();
const set = compileRelease(release);
const ours = set.compiled;
const oracle = compileRelease(release, oracleEngine).compiled;

/** Neither engine promises an order of its lists. */
function sorted(answer: ReturnType<typeof ours.evaluate>): object {
  if (answer.kind === 'invalid') return answer;
  const { kind, allowed, determining, erring } = answer;
  return { kind, allowed, determining: determining.toSorted(), erring: erring.toSorted() };
}

test('ours answers the product’s cases as the oracle does', () => {
  for (const { name, facts, question: asked } of productCases()) {
    const question = { ...asked, context: facts };
    const [answer, right] = [ours, oracle].map((engine) => sorted(engine.evaluate(question)));
    expect({ name, answer }).toEqual({ name, answer: right });
  }
});

test('ours answers arbitrary questions as the oracle does', () => {
  const property = fc.property(randomQuestion, (question) => {
    expect(sorted(ours.evaluate(question))).toEqual(sorted(oracle.evaluate(question)));
  });
  fc.assert(property, { numRuns: 1500, seed: 20_261_121 });
});

test('ours refuses hostile facts as the oracle does', () => {
  const property = fc.property(
    randomQuestion,
    fc.constantFrom('request', 'staff', 'session', 'proof', '__proto__', 'constructor', 'other'),
    fc.jsonValue({ maxDepth: 3 }),
    (question, name, value) => {
      const context = Object.fromEntries([...Object.entries(question.context), [name, value]]);
      const hostile = { ...question, context };
      expect(sorted(ours.evaluate(hostile))).toEqual(sorted(oracle.evaluate(hostile)));
    },
  );
  fc.assert(property, { numRuns: 1500, seed: 20_261_121 });
});

test('a supposition answers as a question of its own would, and leaves nothing behind', () => {
  const member = fc.constantFrom('request', 'session', 'proof', 'caseFile', 'approval', 'other');
  const facts = fc.oneof(
    fc.record({ live: fc.boolean(), phrAgeSeconds: fc.integer({ min: 0, max: 99 }) }),
    fc.record({ type: fc.constant('billing'), open: fc.boolean() }),
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
  );
  const change = fc.record({
    name: member,
    facts: facts.map((one) => JSON.parse(JSON.stringify(one))),
  });
  const changes = fc.uniqueArray(change, { maxLength: 3, selector: ({ name }) => name });
  fc.assert(
    fc.property(randomQuestion, fc.array(changes, { maxLength: 4 }), (question, steps) => {
      const supposition = ours.suppose(question);
      expect(supposition === undefined).toBe(ours.evaluate(question).kind === 'invalid');
      for (const step of [...steps, ...steps, []]) {
        const alone = ours.evaluate(withChanges(question, step));
        if (supposition === undefined) continue;
        expect(supposition.permits?.(step)).toBe(isPermit(set, alone));
        expect(supposition.evaluate(step)).toEqual(alone);
      }
    }),
    { numRuns: 1000, seed: 20_261_121 },
  );
});

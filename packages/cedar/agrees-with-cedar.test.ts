import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ourAnswer, cedarsAnswer, type Outcome } from './testing/answers.ts';
import { cases, type Case } from './testing/arbitrary-case.ts';

// The same policies, entities and request to our engine and to cedar-wasm, whole policy sets at once:
// decision, determining policies, erring policies and the kind of each error are the same, and what
// one refuses the other refuses. Deviations that are meant, and that no case here holds:
// integers beyond 2^53 in JSON (cedar-wasm gets them rounded), `unknown()` (Cedar's partial
// evaluation; we refuse it), half surrogates (cedar-wasm throws), and our bounds on size and depth.

/** 100,000 cases: CEDAR_RUNS=100000 CEDAR_SEED=7 npx vitest run packages/cedar/agrees-with-cedar */
const numRuns = Number(process.env['CEDAR_RUNS'] ?? 1200);
const seed = Number(process.env['CEDAR_SEED'] ?? 20_261_121);

/** What the engines must agree about: why an input is refused, each says in its own words. */
function comparable(outcome: Outcome): object {
  return 'refused' in outcome ? { refused: true } : outcome;
}

function expectAgreement(one: Case): Outcome {
  const cedars = cedarsAnswer(one);
  const ours = ourAnswer(one);
  const isSame = JSON.stringify(comparable(ours)) === JSON.stringify(comparable(cedars));
  expect(isSame ? 'same' : { ours, cedars }).toBe('same');
  return cedars;
}

test(
  'ours answers arbitrary policy sets and requests, hostile ones too, as Cedar does',
  () => {
    const seen = { allow: 0, deny: 0, refused: 0, determining: 0 };
    const kinds = new Map<string, number>();
    const property = fc.property(cases, (one) => {
      const outcome = expectAgreement(one);
      if ('refused' in outcome) {
        seen.refused += 1;
        return;
      }
      seen[outcome.decision] += 1;
      seen.determining += outcome.determining.length;
      for (const error of outcome.errors) {
        const kind = error.slice(error.lastIndexOf(' ') + 1);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    });
    fc.assert(property, { numRuns, seed });
    // Cases that all end alike would find nothing.
    expect(seen.allow).toBeGreaterThan(numRuns / 20);
    expect(seen.deny).toBeGreaterThan(numRuns / 20);
    expect(seen.refused).toBeGreaterThan(numRuns / 20);
    expect(seen.determining).toBeGreaterThan(numRuns / 10);
    expect([...kinds.keys()].toSorted()).toEqual([
      'attribute-missing',
      'entity-missing',
      'range',
      'tag-missing',
      'type',
    ]);
    for (const count of kinds.values()) expect(count).toBeGreaterThan(numRuns / 100);
  },
  60_000 + numRuns * 30,
);

const nothing: Case = {
  schema: undefined,
  entities: [],
  request: {
    principal: { type: 'U', id: 'a' },
    action: { type: 'Action', id: 'view' },
    resource: { type: 'R', id: 'r' },
    context: {},
  },
  policies: {},
  templates: {},
  links: [],
  asJson: false,
};

// Found by the test above, and mended.
test.each([
  { why: 'a fraction in a member that an escape does not have', member: 1.5 },
  { why: 'a fraction deeper in such a member', member: { a: [0, 1.5] } },
])('$why is refused, as Cedar refuses it', ({ member }) => {
  for (const escape of [
    { __extn: { fn: 'datetime', arg: '1970-01-01', member } },
    { __entity: { type: 'U', id: 'a', member } },
  ]) {
    const uid = { type: 'U', id: 'a' };
    const entities = [{ uid, attrs: { escape }, parents: [] }];
    expect(expectAgreement({ ...nothing, entities })).toHaveProperty('refused');
  }
});

test('what such a member is otherwise, is ignored as Cedar ignores it', () => {
  for (const member of [1, null, { __entity: 3 }, { __extn: { fn: 'none', arg: [] } }]) {
    const escape = { __extn: { fn: 'datetime', arg: '1970-01-01', member } };
    const entities = [{ uid: { type: 'U', id: 'a' }, attrs: { escape }, parents: [] }];
    expect(expectAgreement({ ...nothing, entities })).toHaveProperty('decision', 'deny');
  }
});

test('the first error of a record is that of its first member by name, as in Cedar', () => {
  const record = '{"b": (1).isIpv4(), "a": context.absent}';
  const policies = { p0: `permit(principal, action, resource) when { ${record} == {} };` };
  expect(expectAgreement({ ...nothing, policies })).toHaveProperty('errors', [
    'p0: attribute-missing',
  ]);
});

import { describe, expect, test } from 'vitest';
import { inspectRelease, parseInvariant } from './index.ts';
import { productPolicies } from './testing/product-policies.ts';

const product = productPolicies();

/** The product's policies with one more file. */
function withFile(text: string, path = 'roles/more.cedar') {
  return { schema: product.schema, policies: [...product.policies, { path, text }] };
}
const scope = 'principal in Proofline::Role::"auditor", action == Proofline::Action::"policy:read"';
const head = '// A comment, with an “umlaut” ä.\n@id("role.more")\n@reason("More.")\n';

describe('every fault of a release is told with its place', () => {
  test('the product’s own policies have none', () => {
    const { set, faults } = inspectRelease(product);
    expect(faults).toEqual([]);
    expect(set?.policies.size).toBeGreaterThan(50);
  });

  const faulty: readonly (readonly [string, string, string, number, number])[] = [
    [
      'a text that is no Cedar',
      `${head}permit (principal action, resource);`,
      'policy.syntax',
      4,
      19,
    ],
    ['no id', `\n permit (${scope}, resource is Proofline::Policies);`, 'policy.no-id', 2, 2],
    [
      'an attribute that the schema does not know, behind letters of two bytes',
      `${head}permit (${scope}, resource is Proofline::Policies)\nwhen { "ä" == "ä" && context.nobody };`,
      'policy.invalid',
      5,
      22,
    ],
    [
      'an id that stands twice',
      `@id("context.session-live")\n@reason("More.")\npermit (${scope}, resource is Proofline::Policies);`,
      'policy.duplicate-id',
      1,
      1,
    ],
    [
      'a template',
      `${head}permit (principal == ?principal, action, resource);`,
      'policy.template',
      2,
      1,
    ],
    [
      'a hostile pattern',
      `${head}permit (${scope}, resource is Proofline::Policies)\nwhen { "x" like "*a*a*a*a*a*a*a*a*a*" };`,
      'policy.hostile-pattern',
      5,
      12,
    ],
  ];
  test.each(faulty)('%s', (_what, text, ...[code, line, column]) => {
    const { set, faults } = inspectRelease(withFile(text));
    expect(set).toBeUndefined();
    expect(faults[0]).toMatchObject({ code, path: 'roles/more.cedar', line, column });
  });

  test('a file of 10 MB is refused unread, at once', () => {
    const started = performance.now();
    const { faults } = inspectRelease(withFile(' '.repeat(10 * 1024 * 1024)));
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(faults).toEqual([expect.objectContaining({ code: 'release.too-large', line: 1 })]);
  });

  test('faults of several files are listed together', () => {
    const files = ['roles/a.cedar', 'roles/b.cedar'].map((path) => ({ path, text: 'permit (' }));
    const { faults } = inspectRelease({
      schema: product.schema,
      policies: [...product.policies, ...files, { path: 'elsewhere/c.cedar', text: '' }],
    });
    expect(faults.map(({ path }) => path)).toEqual([
      'roles/a.cedar',
      'roles/b.cedar',
      'elsewhere/c.cedar',
    ]);
  });

  test('a schema that does not parse', () => {
    const schema = `${product.schema}\nnamespace X {\n entity ;\n}`;
    const [fault] = inspectRelease({ ...product, schema }).faults;
    expect(fault).toMatchObject({ code: 'schema.syntax', path: 'schema.cedarschema', column: 9 });
  });

  test('a schema change that orphans policies names each of them', () => {
    const schema = product.schema.replace('active: Bool', 'employed: Bool');
    const { faults } = inspectRelease({ ...product, schema });
    expect(faults).toContainEqual(
      expect.objectContaining({
        code: 'policy.invalid',
        path: 'context/session.cedar',
        line: 19,
      }),
    );
  });
});

describe('an invariant of a release', () => {
  const base = {
    name: 'held',
    says: 'Nobody ever does this.',
    because: 'It is a test.',
    about: { actions: ['refund:initiate'] },
    claim: { never: true },
  };
  const faultsWith = (...changes: readonly object[]) => {
    const invariants = changes.map((change) => parseInvariant({ ...base, ...change }));
    return inspectRelease({ ...product, invariants }).faults;
  };

  test.each([
    ['an action', { about: { actions: ['refund:initate'] } }, 'no action refund:initate'],
    ['a group of actions', { about: { actions: ['refunds:*'] } }, 'no action refunds:*'],
    ['an exception', { about: { exceptActions: ['fields:*'] } }, 'no action fields:*'],
    ['a type of principal', { about: { principals: ['Stuff'] } }, 'no entity type Stuff'],
    ['a type of resource', { about: { resources: ['Acount'] } }, 'no entity type Acount'],
    ['a type to compare with', { claim: { onlyIfAlso: 'Stuff' } }, 'no entity type Stuff'],
    ['a fact', { claim: { notMoreWithout: ['session.phrAge'] } }, 'no fact session.phrAge'],
    ['an attribute', { claim: { onlyWhen: 'context.sesion.live' } }, 'does not fit to the schema'],
    [
      'kinds of which there is no request',
      { about: { principals: ['Service'], resources: ['Session'] } },
      'no request that it speaks of',
    ],
  ])('that names %s of which the schema knows nothing is refused', (_what, change, text) => {
    expect(faultsWith(change)).toMatchObject([
      {
        code: 'invariant.unfit',
        path: 'invariants/held.json',
        text: expect.stringContaining(text),
      },
    ]);
  });

  test('may be ahead of the schema only where it says so, and never in what it claims', () => {
    expect(faultsWith({ about: { principals: ['Tool'] }, ahead: true })).toEqual([]);
    const claim = { onlyIfAlso: 'Stuff' };
    expect(faultsWith({ claim, ahead: true })).toMatchObject([{ code: 'invariant.unfit' }]);
  });

  test('stands once by its name', () => {
    expect(faultsWith({}, {})).toMatchObject([{ code: 'invariant.duplicate' }]);
  });

  test('is in the digest, sentence and all; a release without any has the digest that it had', () => {
    const digestWith = (invariants?: readonly object[]) =>
      inspectRelease({
        ...product,
        ...(invariants && { invariants: invariants.map(parseInvariant) }),
      }).set?.digest;
    const digests = [undefined, [base], [{ ...base, says: 'Otherwise.' }]].map(digestWith);
    expect(new Set(digests).size).toBe(3);
    expect(digestWith([])).toBe(digests[0]);
  });
});

import { describe, expect, test } from 'vitest';
import { inspectRelease } from './index.ts';
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

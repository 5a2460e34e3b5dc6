import { describe, expect, it } from 'vitest';
import { compileRelease, PolicyReleaseError, type ReleaseText } from './index.ts';
import { productPolicies } from './testing/product-policies.ts';

const schema = `namespace Proofline {
  entity Role; entity Staff in [Role]; entity Thing;
  action "thing:do" appliesTo { principal: Staff, resource: Thing, context: { n?: Long } };
}`;
const good =
  '@id("role.x") @reason("Because.") permit (principal, action, resource is Proofline::Thing);';
const of = (...texts: string[]): ReleaseText => ({
  schema,
  policies: texts.map((text, index) => ({ path: `roles/${index}.cedar`, text })),
});
const problemsOf = (release: ReleaseText): string => {
  try {
    compileRelease(release);
  } catch (error) {
    if (error instanceof PolicyReleaseError) return error.problems.join('\n');
    throw error;
  }
  return '';
};

describe('compileRelease', () => {
  it('compiles the product’s own policies without an error or a warning', () => {
    const set = compileRelease(productPolicies());
    expect(set.policies.size).toBeGreaterThan(50);
    expect(set.digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
  it('names content, not spelling', () => {
    const digest = compileRelease(of(good)).digest;
    expect(compileRelease(of(`// why\n${good.replaceAll(' (', '\n(')}`)).digest).toBe(digest);
    expect(compileRelease(of(good.replace('Because.', 'Therefore.'))).digest).not.toBe(digest);
    expect(compileRelease(of(good.replace('role.x', 'role.y'))).digest).not.toBe(digest);
    const moved = { ...of(good), policies: [{ path: 'tiers/0.cedar', text: good }] };
    expect(compileRelease(moved).digest).not.toBe(digest);
  });
  it.each([
    ['nothing at all', of(), /no policy at all/],
    ['a policy without @id', of(good.replace('@id("role.x")', '')), /no @id/],
    ['a policy without @reason', of(good.replace('@reason("Because.")', '')), /no @reason/],
    ['a reason that is no sentence', of(good.replace('Because.', 'because')), /no @reason/],
    ['an id that stands twice', of(good, good), /role\.x stands twice/],
    ['a text that is no Cedar', of('permit (principal)'), /roles\/0\.cedar/],
    ['a template', of(good.replace('principal,', 'principal == ?principal,')), /template/],
    [
      'a folder that is no layer',
      { schema, policies: [{ path: 'misc/a.cedar', text: good }] },
      /none of switches/,
    ],
    [
      'an attribute that the schema does not have',
      of(good.replace(';', ' when { context.m };')),
      /attribute `m`/,
    ],
    [
      'an optional attribute that is not checked for',
      of(good.replace(';', ' when { context.n > 1 };')),
      /optional|`n`/,
    ],
    [
      'a policy that can never apply',
      of(good.replace(';', ' when { false };')),
      /impossible|never|false/,
    ],
    ['a schema that is none', { ...of(good), schema: 'namespace {' }, /schema/],
  ])('refuses %s', (_name, release, problem) => {
    expect(problemsOf(release)).toMatch(problem);
  });
});

import { describe, expect, it } from 'vitest';
import { compileRelease, decide, type Question } from './index.ts';

const schema = `namespace Proofline {
  entity Role; entity Staff in [Role]; entity Thing;
  type Facts = { n?: Long, staff?: { roles: Set<String> } };
  action "thing:do", "thing:err" appliesTo { principal: Staff, resource: Thing, context: Facts };
}`;
const set = compileRelease({
  schema,
  policies: [
    {
      path: 'roles/a.cedar',
      text: `@id("role.do") @reason("Doers do.")
      permit (principal in Proofline::Role::"doer", action == Proofline::Action::"thing:do", resource);
      @id("role.err") @reason("Erring permits.")
      permit (principal, action == Proofline::Action::"thing:err", resource)
      when { context has n && context.n * 9223372036854775807 > 5 };`,
    },
    {
      path: 'tiers/b.cedar',
      text: `@id("tier.big") @reason("Too big.")
      forbid (principal, action == Proofline::Action::"thing:do", resource)
      when { context has n && context.n * 9223372036854775807 > 5 };
      @id("tier.three") @reason("Three is not done.")
      forbid (principal, action, resource) when { context has n && context.n == 3 };`,
    },
  ],
});
const ask = (action: string, context: Question['context']) =>
  decide(set, {
    principal: { type: 'Staff', id: 'p' },
    action,
    resource: { type: 'Thing', id: 't' },
    context,
  });
const doer = { staff: { roles: ['doer'] } };

describe('enforcement mode', () => {
  it('permits with the sentence of the permit', () => {
    expect(ask('thing:do', doer)).toEqual({
      effect: 'permit',
      forbidden: false,
      reasons: [{ policy: 'role.do', effect: 'permit', text: 'Doers do.' }],
      determining: ['role.do'],
      erring: [],
    });
  });
  it('denies by an erring forbid, which Cedar alone would skip', () => {
    expect(ask('thing:do', { ...doer, n: 2 })).toMatchObject({
      effect: 'deny',
      forbidden: true,
      determining: ['tier.big'],
      erring: ['tier.big'],
    });
  });
  it('does not permit by an erring permit', () => {
    expect(ask('thing:err', { n: 2 })).toMatchObject({
      effect: 'deny',
      forbidden: false,
      erring: ['role.err'],
    });
  });
  it('tells forbidden from merely not permitted', () => {
    expect(ask('thing:do', {})).toMatchObject({ effect: 'deny', forbidden: false });
    expect(ask('thing:do', { n: 3 })).toMatchObject({ effect: 'deny', forbidden: true });
    expect(ask('thing:do', {}).reasons).toHaveLength(1);
  });
  it.each<[string, string, object]>([
    ['an undeclared action', 'thing:undo', doer],
    ['an undeclared fact', 'thing:do', { ...doer, m: 1 }],
    ['a fact of another type', 'thing:do', { ...doer, n: '1' }],
    ['a number that Cedar does not have', 'thing:do', { ...doer, n: 1.5 }],
    ['a number beyond exact integers', 'thing:do', { ...doer, n: 2 ** 70 }],
    [
      'an entity smuggled in as a fact',
      'thing:do',
      { n: { __entity: { type: 'Proofline::Role', id: 'doer' } } },
    ],
    ['an extension call as a fact', 'thing:do', { n: { __extn: { fn: 'decimal', arg: '1.0' } } }],
    ['roles that are no set of texts', 'thing:do', { staff: { roles: [1] } }],
  ])('refuses %s before any policy is asked', (_name, action, context) => {
    expect(ask(action, context as Question['context'])).toMatchObject({
      effect: 'deny',
      forbidden: true,
      refused: 'question.invalid',
      determining: [],
    });
  });
  it('carries an integer of 64 bits', () => {
    const big = { ...doer, n: (2n ** 63n - 1n) as unknown as number };
    expect(ask('thing:do', big)).toMatchObject({ effect: 'deny', erring: ['tier.big'] });
    const tooBig = { ...doer, n: (2n ** 63n) as unknown as number };
    expect(ask('thing:do', tooBig)).toMatchObject({ refused: 'question.invalid' });
  });
  it('survives a value that the engine cannot carry at all, and goes on deciding', () => {
    const trap = { ...doer, n: (() => 5) as unknown as number };
    expect(ask('thing:do', trap)).toMatchObject({ refused: 'question.invalid' });
    expect(ask('thing:do', doer).effect).toBe('permit');
  });
});

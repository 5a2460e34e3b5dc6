import { expect, test } from 'vitest';
import { actingPrograms } from './acting-programs.ts';

test('whoever acts is read, whoever acts now first', () => {
  expect(actingPrograms(undefined)).toEqual({ ok: true, value: [] });
  const act = { sub: 'svc_b', act: { sub: 'svc_a' } };
  expect(actingPrograms(act)).toEqual({ ok: true, value: ['svc_b', 'svc_a'] });
});

const deep = (length: number): object | undefined =>
  length === 0 ? undefined : { sub: `svc_${length}`, act: deep(length - 1) };

test.each([
  ['text', 'svc_a'],
  ['null', null],
  ['a list', [{ sub: 'svc_a' }]],
  ['nobody', {}],
  ['an empty name', { sub: '' }],
  ['a name that is none', { sub: 7 }],
  ['a name of 1,000 letters', { sub: 'x'.repeat(1_000) }],
  ['somebody of another issuer', { sub: 'svc_a', iss: 'https://elsewhere.example' }],
  ['somebody unreadable within', { sub: 'svc_b', act: { name: 'svc_a' } }],
  ['a chain of nine', deep(9)],
  ['prototype tricks', JSON.parse('{"__proto__":{"sub":"svc_a"}}')],
])('a chain that cannot be read whole is refused: %s', (_name, act) => {
  expect(actingPrograms(act)).toMatchObject({ ok: false, error: { code: 'token.invalid' } });
});

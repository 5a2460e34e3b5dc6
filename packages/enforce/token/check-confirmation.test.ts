import { expect, it } from 'vitest';
import { certificateThumbprint, checkConfirmation } from '../index.ts';

const x5t = await certificateThumbprint(new TextEncoder().encode('the DER of a certificate'));
const accepts = (cnf: unknown, shown: Parameters<typeof checkConfirmation>[1]) =>
  checkConfirmation(cnf, shown).ok;

it('takes a token from who holds the key that it is bound to', () => {
  expect(accepts({ jkt: 'k' }, { jkt: 'k' })).toBe(true);
  expect(accepts({ 'x5t#S256': x5t }, { certificate: x5t })).toBe(true);
  expect(accepts({ 'x5t#S256': x5t, jkt: 'k' }, { certificate: x5t, jkt: 'k' })).toBe(true);
});

it('and from nobody else: neither with another key, nor another kind, nor one of two', () => {
  for (const [cnf, shown] of [
    [{ 'x5t#S256': x5t }, {}],
    [{ 'x5t#S256': x5t }, { certificate: `${x5t}A` }],
    [{ 'x5t#S256': x5t }, { jkt: x5t }],
    [{ jkt: x5t }, { certificate: x5t }],
    [{ 'x5t#S256': x5t, jkt: 'k' }, { certificate: x5t }],
    [{ jkt: undefined }, { jkt: undefined }],
    [{ jkt: '' }, { jkt: '' }],
  ] as const)
    expect({ cnf, shown, isTaken: accepts(cnf, shown) }).toMatchObject({ isTaken: false });
});

it('takes no token that is bound to nothing, or to what is not known', () => {
  for (const cnf of [undefined, null, {}, [], 'k', { kid: 'k' }, { jkt: 'k', kid: 'k' }])
    expect({ cnf, isTaken: accepts(cnf, { jkt: 'k', certificate: x5t }) }).toMatchObject({
      isTaken: false,
    });
});

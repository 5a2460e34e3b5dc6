import { expect, test } from 'vitest';
import { selfSigned } from '../../modules/sessions/saml/testing/self-signed.ts';
import { otherKeys } from './other-keys.ts';

test('the keys of SAML are told apart: the one that signs, and those that tools are told of before', async () => {
  const { certificate } = await selfSigned();
  const names = (certificates: readonly string[]) =>
    otherKeys(certificates).filter(({ name }) => name.startsWith('SAML'));
  expect(names([])).toEqual([]);
  const [current, next] = names([certificate, certificate]);
  expect(current?.signs).toContain('assertions');
  expect(current?.rotation).toMatch(/good until \d{4}-\d\d-\d\d\.$/);
  expect(next?.signs).toMatch(/^nothing yet/);
});

import { describe, expect, it } from 'vitest';
import { contextClassOf, demandOf, statedClass } from './requested-context.ts';

const ask = (comparison: 'exact' | 'minimum' | 'maximum' | 'better', ...classes: string[]) =>
  demandOf({ comparison, classes, hasDeclarations: false });
const core = (name: string) => `urn:oasis:names:tc:SAML:2.0:ac:classes:${name}`;
const { phr, phrh } = contextClassOf;

describe('what a service provider asks for, and what is truthfully said', () => {
  it.each([
    ['nothing', demandOf(undefined), undefined, phr, phrh],
    ['exactly the weaker', ask('exact', phr), 'phr', phr, phr],
    ['exactly the stronger', ask('exact', phrh), 'phrh', undefined, phrh],
    ['by the short names', ask('exact', 'phrh'), 'phrh', undefined, 'phrh'],
    ['the stronger rather, the weaker as well', ask('exact', phrh, phr), 'phr', phr, phrh],
    ['one that is known and one that is not', ask('exact', 'urn:x', phr), 'phr', phr, phr],
    [
      'two factors',
      ask('exact', 'https://refeds.org/profile/mfa'),
      'phr',
      'https://refeds.org/profile/mfa',
      'https://refeds.org/profile/mfa',
    ],
    [
      'anything',
      ask('exact', core('unspecified')),
      undefined,
      core('unspecified'),
      core('unspecified'),
    ],
    [
      'a password at least',
      ask('minimum', core('PasswordProtectedTransport')),
      undefined,
      phr,
      phrh,
    ],
    ['the weaker at least', ask('minimum', phr), 'phr', phr, phrh],
    ['better than the weaker', ask('better', phr), 'phrh', phr, phrh],
    ['better than a password', ask('better', core('Password')), 'phr', phr, phrh],
    ['the weaker at most', ask('maximum', phr), undefined, phr, phr],
    ['the stronger at most', ask('maximum', phrh), undefined, phr, phrh],
  ])('%s', (_name, demand, ...expected) => {
    const { acr, stateOneOf = [] } = demand ?? {};
    expect([acr, statedClass(stateOneOf, 'phr'), statedClass(stateOneOf, 'phrh')]).toEqual(
      expected,
    );
  });
  it.each([
    ['exactly a password', ask('exact', core('PasswordProtectedTransport'))],
    ['a class that nobody knows', ask('exact', 'urn:unknown')],
    ['at least one that nobody knows', ask('minimum', 'urn:unknown', phr)],
    ['better than the best', ask('better', phrh)],
    ['no more than a password', ask('maximum', core('Password'))],
    ['a name of the prototype', ask('exact', 'constructor')],
    ['nothing, by a comparison', ask('exact')],
    [
      'by a comparison that there is not',
      demandOf({ comparison: undefined, classes: [phr], hasDeclarations: false }),
    ],
    ['by a declaration', demandOf({ comparison: 'exact', classes: [phr], hasDeclarations: true })],
  ])('cannot be answered: %s', (_name, demand) => {
    expect(demand).toBeUndefined();
  });
});

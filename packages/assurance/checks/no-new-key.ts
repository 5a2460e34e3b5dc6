import { refusal, type AssertionCeremony } from '../ceremony.ts';

/** An assertion brings no key along: the one that counts was registered (WebAuthn L3 §6.1, AT flag). */
export function checkNoNewKey({ authenticatorData }: AssertionCeremony) {
  if (authenticatorData.attested === undefined) return undefined;
  return refusal('key-unasked', 'attested credential data in an assertion');
}

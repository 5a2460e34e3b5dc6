import { refusal, type Ceremony, type Check } from '../ceremony.ts';

/** The client was asked for this kind of ceremony (WebAuthn L3 §7.1 step 7, §7.2 step 10). */
export function checkType(type: 'webauthn.create' | 'webauthn.get'): Check<Ceremony> {
  return ({ clientData }) =>
    clientData.type === type ? undefined : refusal('type-wrong', `expected ${type}`);
}

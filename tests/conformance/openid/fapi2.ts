import { fapi2Dpop } from './fapi2-dpop.ts';
import { fapi2Par } from './fapi2-par.ts';
import { fapi2Requests } from './fapi2-requests.ts';
import { fapi2Tokens } from './fapi2-tokens.ts';
import type { Plan } from './module.ts';

/** `fapi2-security-profile-final-test-plan`, for `plain_fapi`. */
export const fapi2: Plan = {
  name: 'fapi2-security-profile-final-test-plan',
  title: 'FAPI 2.0 security profile, final',
  note: 'Run with `private_key_jwt` and DPoP, OpenID Connect. Left out: modules of one country, and grant management.',
  modules: [...fapi2Requests, ...fapi2Par, ...fapi2Tokens, ...fapi2Dpop],
};

import { basicRequests } from './basic-requests.ts';
import { basicTokens } from './basic-tokens.ts';
import type { Plan } from './module.ts';

/** `oidcc-basic-certification-test-plan`. */
export const basic: Plan = {
  name: 'oidcc-basic-certification-test-plan',
  title: 'OpenID Connect Core: basic',
  note: 'The suite’s clients prove themselves by a secret; here none has one. They are run with `private_key_jwt` and PKCE.',
  modules: [...basicTokens, ...basicRequests],
};

/** Signing requests with DPoP; runs in browsers and in Node. */
export {
  createDpopProof,
  generateDpopKeys,
  type DpopKeys,
  type ProofTarget,
} from './create-dpop-proof.ts';
export { createServiceTokens, type ServiceTokenOptions } from './create-service-tokens.ts';
export { exchangeGrant, type GrantExchange } from './exchange-grant.ts';
export { dpopFetch, type DpopFetchOptions } from './dpop-fetch.ts';
export { signRequest, type ServiceSigningKey, type SignTarget } from './sign-request.ts';
export { signingFetch, type SigningFetchOptions } from './signing-fetch.ts';
export type { FetchPort } from '../pdp/create-pdp-client.ts';

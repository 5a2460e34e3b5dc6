import { compactVerify, importJWK } from 'jose';
import type { Check } from '../exchange.ts';

/** The proof is signed by exactly this key, with exactly this algorithm (RFC 8725 §3.1). */
export const checkSignature: Check = async ({ proof, publicJwk, alg }) => {
  try {
    await compactVerify(proof, await importJWK(publicJwk, alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
};

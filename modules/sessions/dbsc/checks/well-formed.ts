import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Check } from '../exchange.ts';

/**
 * DBSC §8.3: a structured string that holds one JWT; parameters are ignored. Node joins repeated
 * header lines with a comma, which neither form contains.
 */
const header = /^(?:"([\w.-]+)"(?:;[^,]*)?|([\w.-]+))$/;

export const checkWellFormed: Check = (exchange) => {
  const [, quoted, bare] = header.exec(exchange.given) ?? [];
  const proof = quoted ?? bare ?? '';
  try {
    exchange.header = decodeProtectedHeader(proof);
    exchange.payload = decodeJwt(proof);
    exchange.proof = proof;
    return true;
  } catch {
    return false;
  }
};

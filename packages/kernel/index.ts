/** The words that every other room shares: ids, results, time, chance, canonical bytes, limits. */
export { base64urlToBytes, bytesToBase64url, bytesToHex, hexToBytes } from './bytes.ts';
export { canonicalJson, CanonicalJsonError } from './canonical-json.ts';
export { findJsonFault } from './find-json-fault.ts';
export { fixedClock, systemClock, type Clock } from './clock.ts';
export { idPrefixes, isId, newId, type AnyId, type Id, type IdPrefix } from './ids.ts';
export { cookieValues } from './cookie-values.ts';
export type { Json, JsonObject } from './json.ts';
export { groupCalls, type CallGroups } from './group-calls.ts';
export { limits } from './limits.ts';
export { lookUpTogether } from './look-up-together.ts';
export { systemRandom, type Random } from './random.ts';
export { RECOVERY_CODE_BYTES, spellCode } from './spell-code.ts';
export { err, ok, type Result } from './result.ts';

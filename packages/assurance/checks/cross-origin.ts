import { refusal, type Ceremony } from '../ceremony.ts';

/**
 * No foreign page had ours in a frame (WebAuthn L3 §7.1 step 10, §7.2 step 13).
 *
 * Every client since Level 2 writes `crossOrigin`; one that leaves it out says nothing about where
 * it was, and what is missing does not widen.
 */
export function checkCrossOrigin({ clientData }: Ceremony) {
  if (clientData.crossOrigin === false) return undefined;
  return refusal('cross-origin', 'not asked for by a page of the same origin');
}

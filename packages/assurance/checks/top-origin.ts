import { refusal, type Ceremony } from '../ceremony.ts';

/**
 * No other page was on top (WebAuthn L3 §7.1 step 11, §7.2 step 14). We expect to be framed by nobody,
 * so that any name of a page on top is one too many, also our own.
 */
export function checkTopOrigin({ clientData }: Ceremony) {
  return clientData.hasTopOrigin ? refusal('top-origin', 'another page was on top') : undefined;
}

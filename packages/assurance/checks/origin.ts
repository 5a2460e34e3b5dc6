import { refusal, type Ceremony } from '../ceremony.ts';

/** The page was ours: scheme, host and port as a whole (WebAuthn L3 §7.1 step 9, §7.2 step 12). */
export function checkOrigin({ clientData, expected }: Ceremony) {
  if (clientData.origin === expected.origin) return undefined;
  return refusal('origin-wrong', 'another origin asked for this');
}

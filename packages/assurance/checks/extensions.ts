import { refusal, type Ceremony } from '../ceremony.ts';

/** Answers of extensions that change whom or what an answer is for; the rest may be ignored. */
const changing: readonly string[] = ['appid', 'appidExclude', 'devicePubKey', 'payment'];

/**
 * No extension that we did not ask for changes what the answer means (WebAuthn L3 §7.1 step 28, §7.2
 * step 23). We ask for none. Others that a client adds by itself are ignored, as the step allows.
 */
export function checkExtensions({ credential }: Ceremony) {
  const outputs = credential.clientExtensionResults ?? {};
  const found = changing.find((name) => Object.hasOwn(outputs, name) && outputs[name] !== false);
  if (found === undefined) return undefined;
  return refusal('extension-unasked', `the output of ${found} was not asked for`);
}

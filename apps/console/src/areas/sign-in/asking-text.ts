import { spanText, type SignInPrompt } from '@proofline/protocol';

/** Who asks, for what and why, before the passkey is asked for. */
export function askingText(prompt: SignInPrompt): { readonly title: string; readonly why: string } {
  const { clientName, kind, acr, maxAgeSeconds } = prompt;
  if (kind === 'login') {
    return { title: `Sign in to ${clientName}`, why: `${clientName} asks who you are.` };
  }
  const strength = acr === 'phrh' ? 'with your security key' : 'with your passkey';
  const why =
    maxAgeSeconds === undefined
      ? `${clientName} needs a stronger proof of you before it goes on: confirm ${strength}.`
      : `${clientName} needs a proof of you that is at most ${spanText(maxAgeSeconds)} old before it goes on: confirm ${strength}.`;
  return { title: 'Confirm that it is you', why };
}

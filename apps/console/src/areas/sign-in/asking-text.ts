import { spanText, type SignInPrompt } from '@proofline/protocol';

/** Who asks, for what and why, before the passkey is asked for. */
export function askingText(prompt: SignInPrompt): { readonly title: string; readonly why: string } {
  const { clientName, kind, act, acr, maxAgeSeconds } = prompt;
  if (act !== undefined) {
    const what =
      act.kind === 'promote'
        ? `make the candidate ${act.candidateId} live for everybody`
        : 'go back to earlier policies for everybody';
    return {
      title: `Let a program ${act.kind === 'promote' ? 'make policies live' : 'go back to earlier policies'}?`,
      why: `${clientName} asks to ${what}, in your name. Go on only if you have just asked it to; it can do this one thing.`,
    };
  }
  if (kind === 'login') {
    return {
      title: `Sign in to ${clientName.replace(/^The /, 'the ')}`,
      why: `${clientName} asks who you are.`,
    };
  }
  const strength = acr === 'phrh' ? 'with your security key' : 'with your passkey';
  const why =
    maxAgeSeconds === undefined
      ? `${clientName} needs a stronger proof of you before it goes on: confirm ${strength}.`
      : `${clientName} needs a proof of you that is at most ${spanText(maxAgeSeconds)} old before it goes on: confirm ${strength}.`;
  return { title: 'Confirm that it is you', why };
}

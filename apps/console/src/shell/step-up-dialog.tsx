import { useCallback } from 'react';
import type { SignInTokens } from '../api/oidc.ts';
import type { Prompt } from '../api/staff-session.ts';
import { spanText } from '../format/time.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useStore } from '../ui/use-store.ts';
import { useApi } from './api-context.tsx';
import { AuthorizationFrame } from './authorization-frame.tsx';

/** Asks for the passkey over the present screen; the request that needed it goes on by itself. */
export function StepUpDialog() {
  const { session } = useApi();
  const prompt = useStore(session.prompt);
  return prompt ? <OpenDialog prompt={prompt} /> : null;
}

function OpenDialog({ prompt }: { readonly prompt: Prompt }) {
  const onTokens = useCallback((tokens: SignInTokens) => prompt.answer(tokens), [prompt]);
  const onDecline = useCallback(() => prompt.decline(), [prompt]);
  return (
    <Dialog
      open
      onClose={onDecline}
      title={prompt.kind === 'step-up' ? 'Confirm that it is you' : 'Sign in again'}
      description={descriptionOf(prompt)}
    >
      <div className="px-4 pb-4">
        <AuthorizationFrame
          challenge={prompt.challenge}
          onTokens={onTokens}
          onDecline={onDecline}
        />
      </div>
    </Dialog>
  );
}

function descriptionOf({ kind, challenge }: Prompt): string {
  if (kind === 'sign-in') return 'Your session has run out. What you typed stays as it is.';
  const age = challenge.maxAgeSeconds;
  const why =
    age === undefined
      ? 'This needs a stronger proof of you than your sign-in gave.'
      : `This needs a proof of you that is at most ${spanText(age)} old.`;
  return `${why} What you typed stays as it is and is sent as soon as you have confirmed.`;
}

import { useCallback } from 'react';
import type { SignInTokens } from '../api/oidc.ts';
import type { Prompt } from '../api/staff-session.ts';
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
      title={prompt.kind === 'step-up' ? 'Your passkey is needed' : 'Sign in again'}
      description={descriptions[prompt.kind]}
    >
      <div className="border-t border-line">
        <AuthorizationFrame
          challenge={prompt.challenge}
          onTokens={onTokens}
          onDecline={onDecline}
        />
      </div>
    </Dialog>
  );
}

/** The page in the frame says who asks and why; this says what becomes of the screen behind it. */
const descriptions = {
  'step-up': 'What you typed stays as it is and is sent as soon as you have confirmed.',
  'sign-in': 'Your session has run out. What you typed stays as it is.',
} as const;

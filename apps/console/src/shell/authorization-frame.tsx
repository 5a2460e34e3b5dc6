import { useEffect, useRef, useState } from 'react';
import { listenToFrame } from '../api/callback-message.ts';
import type { StepUpChallenge } from '../api/challenge.ts';
import { OAuthError, type PendingAuthorization, type SignInTokens } from '../api/oidc.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNotice } from '../ui/notice.tsx';
import { Loading } from '../ui/surface.tsx';
import { useApi } from './api-context.tsx';

/** The sign-in page in a frame of our own origin: the screen around it stays as it is. */
export function AuthorizationFrame({
  challenge,
  onTokens,
  onDecline,
}: {
  readonly challenge: StepUpChallenge;
  readonly onTokens: (tokens: SignInTokens) => void;
  readonly onDecline: () => void;
}) {
  const { oidc } = useApi();
  const frame = useRef<HTMLIFrameElement>(null);
  const [pending, setPending] = useState<PendingAuthorization>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const again = () => {
    setError(undefined);
    setPending(undefined);
    setAttempt((count) => count + 1);
  };

  useEffect(() => {
    let isCurrent = true;
    oidc.begin(challenge).then(
      (begun) => isCurrent && setPending(begun),
      (failure: unknown) => isCurrent && setError(failure),
    );
    return () => {
      isCurrent = false;
    };
  }, [oidc, challenge, attempt]);

  useEffect(() => {
    if (!pending || !frame.current) return undefined;
    return listenToFrame(frame.current, (message) => {
      if (message.type === 'proofline.restart') again();
      else {
        oidc
          .finish(pending, new URLSearchParams(message.search))
          .then(onTokens, (failure: unknown) => {
            if (failure instanceof OAuthError && failure.code === 'access_denied') onDecline();
            else setError(failure);
          });
      }
    });
  }, [oidc, pending, onTokens, onDecline]);

  if (error !== undefined) {
    return (
      <div className="p-4">
        <ProblemNotice error={error} actions={<Button onClick={again}>Start again</Button>} />
      </div>
    );
  }
  if (!pending) return <Loading what="the sign-in" />;
  return (
    <iframe
      ref={frame}
      src={pending.url}
      title="Sign in with your passkey"
      allow="publickey-credentials-get"
      className="block h-84 w-full rounded-lg"
    />
  );
}

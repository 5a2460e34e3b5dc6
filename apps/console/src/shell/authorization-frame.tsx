import { useCallback, useEffect, useRef, useState } from 'react';
import { listenToFrame, SIGN_IN_FRAME } from '../api/callback-message.ts';
import {
  OAuthError,
  type AuthorizationOptions,
  type PendingAuthorization,
  type SignInTokens,
} from '../api/oidc.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNotice } from '../ui/notice.tsx';
import { Loading } from '../ui/surface.tsx';
import { classNames } from '../ui/class-names.ts';
import { useApi } from './api-context.tsx';

interface AuthorizationFrameProps {
  readonly challenge: AuthorizationOptions;
  readonly onTokens: (tokens: SignInTokens) => void;
  readonly onDecline: () => void;
  /** Offered to whoever is not the person who is signed in in this browser. */
  readonly onSomebodyElse?: () => void;
}

/** The sign-in page in a frame of our own origin: the screen around it stays as it is. */
export function AuthorizationFrame(props: AuthorizationFrameProps) {
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((count) => count + 1), []);
  return <Attempt key={attempt} {...props} onAgain={again} />;
}

/** The issuer answers with a problem and no page, as when what was pushed has expired before it was opened. */
function isRefusedByIssuer({ contentDocument }: HTMLIFrameElement): boolean {
  return contentDocument !== null && contentDocument.contentType !== 'text/html';
}

function Attempt({
  challenge,
  onTokens,
  onDecline,
  onSomebodyElse,
  onAgain,
}: AuthorizationFrameProps & { readonly onAgain: () => void }) {
  const { oidc } = useApi();
  const frame = useRef<HTMLIFrameElement>(null);
  const [pending, setPending] = useState<PendingAuthorization>();
  const [error, setError] = useState<unknown>();
  const [heightPx, setHeightPx] = useState<number>();

  useEffect(() => {
    let isCurrent = true;
    oidc.begin(challenge).then(
      (begun) => isCurrent && setPending(begun),
      (failure: unknown) => isCurrent && setError(failure),
    );
    return () => {
      isCurrent = false;
    };
  }, [oidc, challenge]);

  useEffect(() => {
    if (!pending || !frame.current) return undefined;
    return listenToFrame(frame.current, (message) => {
      if (message.type === 'proofline.restart') onAgain();
      else if (message.type === 'proofline.somebody-else') onSomebodyElse?.();
      else if (message.type === 'proofline.height') setHeightPx(message.px);
      else {
        oidc
          .finish(pending, new URLSearchParams(message.search))
          .then(onTokens, (failure: unknown) => {
            if (failure instanceof OAuthError && failure.code === 'access_denied') onDecline();
            else setError(failure);
          });
      }
    });
  }, [oidc, pending, onTokens, onDecline, onSomebodyElse, onAgain]);

  if (error !== undefined) {
    return (
      <div className="p-4">
        <ProblemNotice error={error} actions={<Button onClick={onAgain}>Start again</Button>} />
      </div>
    );
  }
  if (!pending) return <Loading what="the sign-in" />;
  return (
    // On our own origin a sandbox that allows scripts holds nothing back (HTML §4.8.5).
    // oxlint-disable-next-line react/iframe-missing-sandbox
    <iframe
      ref={frame}
      name={onSomebodyElse ? SIGN_IN_FRAME : undefined}
      src={pending.url}
      title="Sign in with your passkey"
      onLoad={({ currentTarget }) => {
        if (isRefusedByIssuer(currentTarget)) setError(new OAuthError('invalid_request_uri'));
      }}
      allow="publickey-credentials-get"
      height={heightPx}
      className={classNames('block w-full', heightPx === undefined && 'h-72')}
    />
  );
}

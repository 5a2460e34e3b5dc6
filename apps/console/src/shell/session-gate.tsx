import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { SignInTokens } from '../api/oidc.ts';
import type { LeftBecause } from '../api/staff-session.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Loading } from '../ui/surface.tsx';
import { useStore } from '../ui/use-store.ts';
import { useApi } from './api-context.tsx';
import { AuthorizationFrame } from './authorization-frame.tsx';
import { Wordmark } from './wordmark.tsx';

const WHOEVER_IS_HERE = {};
const ANYBODY = { asAnybody: true };

/** Shows what is inside only to somebody who is signed in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { session } = useApi();
  const state = useStore(session.state);
  const queries = useQueryClient();
  useEffect(() => {
    if (session.state.get().kind === 'starting') void session.start();
  }, [session]);
  useEffect(() => {
    // Revocation wins: what was read under a session does not outlive it on the screen.
    if (state.kind === 'signed-out') queries.clear();
  }, [state, queries]);

  if (state.kind === 'starting') return <Loading what="your session" />;
  if (state.kind === 'signed-out') return <SignedOut because={state.because} />;
  return children;
}

function SignedOut({ because }: { readonly because: 'new' | 'ended' | LeftBecause }) {
  const { session, config } = useApi();
  const [isAsking, setAsking] = useState(because === 'new' || because === 'for-another');
  const [isAnybody, setAnybody] = useState(because === 'for-another');
  const onTokens = useCallback((tokens: SignInTokens) => session.adopt(tokens), [session]);
  const onDecline = useCallback(() => setAsking(false), []);
  const onSomebodyElse = useCallback(() => setAnybody(true), []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 p-4">
      <Wordmark company={config.companyName} environment={config.environment} />
      {because === 'ended' && (
        <Notice kind="warn" title="Your session was ended.">
          Everything that was open on this screen is closed. Sign in again to go on.
        </Notice>
      )}
      {because === 'left' && <Notice kind="info" title="You are signed out." />}
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        {isAsking ? (
          <>
            <h1 className="sr-only">Sign in to Proofline</h1>
            <AuthorizationFrame
              key={String(isAnybody)}
              challenge={isAnybody ? ANYBODY : WHOEVER_IS_HERE}
              onTokens={onTokens}
              onDecline={onDecline}
              {...(!isAnybody && { onSomebodyElse })}
            />
          </>
        ) : (
          <div className="flex flex-col items-start gap-3 p-4">
            <h1 className="text-lg font-medium text-bright">Sign in</h1>
            <p>Your passkey is all that you need.</p>
            <Button variant="primary" onClick={() => setAsking(true)}>
              Sign in with your passkey
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

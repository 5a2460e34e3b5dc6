import { readSelf, type Self } from '@proofline/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { isRefusal, NotConfirmed } from '../api/refusal.ts';
import { Button } from '../ui/button.tsx';
import { Notice, ProblemNotice } from '../ui/notice.tsx';
import { useStore } from '../ui/use-store.ts';
import { useApi } from './api-context.tsx';
import { coverWork } from './cover-work.ts';
import { refreshAll } from './refresh-soon.ts';
import { Wordmark } from './wordmark.tsx';

/** Stands in the place of everything while the session is locked. */
export function ScreenLock() {
  const { lock, session } = useApi();
  const isLocked = useStore(lock.isLocked);
  const { kind } = useStore(session.state);
  return isLocked && kind === 'signed-in' ? <LockScreen /> : null;
}

function LockScreen() {
  const { session } = useApi();
  const queries = useQueryClient();
  const [host] = useState(() => document.createElement('div'));
  useLayoutEffect(() => {
    // A prompt for the passkey stood over the work: what it was for is asked for again later.
    session.prompt.get()?.decline();
    const uncover = coverWork();
    document.body.append(host);
    // Before it stood in the document, it could not be focused.
    host.querySelector('button')?.focus();
    return () => {
      host.remove();
      uncover();
      // Nothing was told meanwhile.
      void refreshAll(queries);
    };
  }, [host, queries, session]);
  useKeysStayHere();
  return createPortal(<Locked />, host);
}

/** Below lie dialogs that close on Escape, and shortcuts; none of them may hear a key now. */
function useKeysStayHere(): void {
  useEffect(() => {
    const stop = (event: KeyboardEvent) => event.stopImmediatePropagation();
    window.addEventListener('keydown', stop, { capture: true });
    return () => window.removeEventListener('keydown', stop, { capture: true });
  }, []);
}

function Locked() {
  const { config, session, unlock } = useApi();
  const queries = useQueryClient();
  const [title, why] = [useId(), useId()];
  const opening = useMutation({ mutationFn: unlock });
  const [[, self] = []] = queries.getQueriesData<Self>({ queryKey: [readSelf.id] });
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 p-4">
      <Wordmark company={config.companyName} environment={config.environment} />
      <div
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={title}
        aria-describedby={why}
        className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
      >
        <Lock aria-hidden size={28} className="text-accent" />
        <h1 id={title} className="text-lg font-medium text-bright">
          {self ? `Locked: ${self.displayName} is signed in` : 'Locked'}
        </h1>
        <p id={why}>
          One touch of your passkey, and everything is there again as you left it. If this page is
          loaded again, what was typed in it is lost. A call that is on the line goes on meanwhile.
        </p>
        {opening.error && !opening.isPending && (
          <StillLocked error={opening.error} name={self?.displayName} />
        )}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" pending={opening.isPending} onClick={() => opening.mutate()}>
            Unlock with your passkey
          </Button>
          <Button variant="quiet" onClick={() => session.forget('for-another')}>
            Sign in as somebody else
          </Button>
        </div>
        <p className="text-sm text-dim">
          When somebody else signs in here, this session ends, and what was typed in it is gone.
        </p>
      </div>
    </main>
  );
}

/** No passkey, or another person’s: nothing was to be sent, and nothing is open. */
function StillLocked({
  error,
  name,
}: {
  readonly error: Error;
  readonly name: string | undefined;
}) {
  const isUnproved = error instanceof NotConfirmed || isRefusal(error, 'ceremony.refused');
  if (!isUnproved) return <ProblemNotice error={error} />;
  const whose = name === undefined ? 'whoever is signed in' : name;
  return <Notice kind="problem" title={`Still locked: no passkey of ${whose} answered.`} />;
}

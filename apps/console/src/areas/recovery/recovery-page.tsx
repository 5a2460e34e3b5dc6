import { recoveryState, startRecovery } from '@proofline/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { openCall } from '../../api/open-call.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';
import { RecoverySteps } from './recovery-steps.tsx';

/** The way back for somebody who has lost every passkey. Nobody is signed in here. */
export function RecoveryPage() {
  const progress = useQuery({
    queryKey: [recoveryState.id],
    queryFn: ({ signal }) => openCall(recoveryState, { signal }),
    retry: false,
    // Nobody is signed in, so there are no live events.
    refetchInterval: ({ state }) => (state.error ? false : 3000),
  });
  const isOver =
    progress.data !== undefined &&
    ['completed', 'cancelled', 'expired'].includes(progress.data.state);
  const [isAnew, setAnew] = useState(false);
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col gap-4 p-4 pt-[8vh]">
      <p className="font-medium tracking-tight text-bright">Proofline</p>
      <h1 className="text-xl font-medium text-bright">I have lost my passkey</h1>
      {progress.isPending && <Loading what="your recovery" />}
      {progress.data && !isAnew && <RecoverySteps progress={progress.data} />}
      {(progress.error || isAnew) && <Begin onBegun={() => setAnew(false)} />}
      {isOver && !isAnew && progress.data?.state !== 'completed' && (
        <div>
          <Button onClick={() => setAnew(true)}>Begin again</Button>
        </div>
      )}
    </main>
  );
}

function Begin({ onBegun }: { readonly onBegun: () => void }) {
  const queries = useQueryClient();
  const [employeeNumber, setEmployeeNumber] = useState('');
  const begin = useMutation({
    mutationFn: () => openCall(startRecovery, { body: { employeeNumber } }),
    onSuccess: (begun) => {
      queries.setQueryData([recoveryState.id], begun);
      onBegun();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate();
  };
  return (
    <>
      <p>
        If you have another passkey left, sign in with it: that is all you need. Otherwise this is
        the way back, and it is yours alone. Nobody can do it for you, and nobody can let you in on
        your word.
      </p>
      <ol className="list-decimal pl-5 text-sm">
        <li>You begin here, in the browser in which you will also end it.</li>
        <li>
          You give two proofs of different kinds: your recovery code, the signatures of your
          recovery contacts, or those of two officers who see you in person.
        </li>
        <li>You wait. You are told on every channel meanwhile, so that you could cancel.</li>
        <li>You come back here and make a new passkey. Everything from before ends.</li>
      </ol>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label="Your employee number"
          required
          maxLength={13}
          pattern="[A-Z]{1,4}-?[0-9]{1,8}"
          hint="Like AB-1234. You get the same answer for any number."
          value={employeeNumber}
          onChange={({ target }) => setEmployeeNumber(target.value.toUpperCase())}
        />
        {begin.error && <ProblemNotice error={begin.error} />}
        <div>
          <Button type="submit" variant="primary" pending={begin.isPending}>
            Begin
          </Button>
        </div>
      </form>
    </>
  );
}

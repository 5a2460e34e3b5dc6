import { giveRecoveryCode, recoveryState, type RecoveryProgress } from '@proofline/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { openCall } from '../../api/open-call.ts';
import { NotConfirmed } from '../../api/refusal.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Countdown, Moment } from '../../ui/time-text.tsx';
import { registerRecovered } from './recovery-calls.ts';
import { ShortenedNotice } from './shortened-notice.tsx';

/** Where the recovery of this browser stands, and the one next step. */
export function RecoverySteps({ progress }: { readonly progress: RecoveryProgress }) {
  const { state } = progress;
  return (
    <>
      <ShortenedNotice wait={progress.wait} />
      {state === 'collecting' && <Collect progress={progress} />}
      {state === 'waiting' && <Wait progress={progress} />}
      {state === 'ready' && <MakePasskey />}
      {state === 'completed' && <Done />}
      {state === 'cancelled' && (
        <Notice kind="warn" title="This recovery was cancelled.">
          It was done in a session of yours, or by the link of a message. If that was not you, tell
          your security team.
        </Notice>
      )}
      {state === 'expired' && (
        <Notice kind="warn" title="This recovery ran out. Nothing was changed." />
      )}
    </>
  );
}

function Collect({ progress }: { readonly progress: RecoveryProgress }) {
  const code = progress.matchingCode;
  return (
    <>
      <p>
        Say this code, in person, to your recovery contacts or to two officers of HR or security.
        They type it in their own console and see that it is you. Never say it on a call.
      </p>
      <p
        aria-label={`Matching code ${[...code].join(' ')}`}
        role="img"
        className="rounded-lg border border-line bg-surface py-5 text-center font-mono text-code leading-none tracking-[0.14em] text-bright"
      >
        {code.slice(0, 4)} {code.slice(4)}
      </p>
      <ul className="text-sm" aria-label="What was given">
        <li>Recovery code: {progress.codeAccepted ? 'accepted' : 'not given'}</li>
        <li>Contacts who signed: {progress.contactsSigned}</li>
        <li>Officers who signed: {progress.officersSigned} of 2</li>
      </ul>
      {!progress.codeAccepted && <GiveCode />}
      <p role="status" className="text-sm text-dim">
        The proofs must come together by <Moment at={progress.expiresAt} />.
      </p>
    </>
  );
}

function GiveCode() {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const give = useMutation({
    mutationFn: () => openCall(giveRecoveryCode, { body: { code: code.trim() } }),
    onSuccess: (next) => queries.setQueryData([recoveryState.id], next),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label="Your recovery code"
        hint="25 signs in five groups, if you made one."
        required
        maxLength={29}
        spellCheck={false}
        value={code}
        onChange={({ target }) => setCode(target.value.toLowerCase())}
      />
      {give.error && <ProblemNotice error={give.error} />}
      <div>
        <Button type="submit" pending={give.isPending}>
          Give the code
        </Button>
      </div>
    </form>
  );
}

function Wait({ progress }: { readonly progress: RecoveryProgress }) {
  const readyAt = progress.readyAt ?? progress.expiresAt;
  return (
    <Notice kind="info" title="Both proofs are there. Now you wait.">
      Come back in this browser <Moment at={readyAt} />, in{' '}
      <Countdown untilMs={Date.parse(readyAt)} over="a moment" />. You are told on every channel
      meanwhile; whoever is signed in as you, or has one of the messages, can cancel.
    </Notice>
  );
}

function MakePasskey() {
  const queries = useQueryClient();
  const register = useMutation({
    mutationFn: registerRecovered,
    onSuccess: (next) => queries.setQueryData([recoveryState.id], next),
  });
  return (
    <>
      <p>
        The wait is over. Make your new passkey on this device. Every earlier passkey, every session
        and every grant of yours ends with it.
      </p>
      {register.error instanceof NotConfirmed ? (
        <Notice kind="warn" title="Your device made no passkey.">
          Nothing is lost. Try again when you are ready.
        </Notice>
      ) : (
        register.error && <ProblemNotice error={register.error} />
      )}
      <div>
        <Button
          autoFocus
          variant="primary"
          pending={register.isPending}
          onClick={() => register.mutate()}
        >
          Make your new passkey
        </Button>
      </div>
    </>
  );
}

function Done() {
  return (
    <Notice
      kind="done"
      title="You are back. Your new passkey is the only one."
      actions={
        <a
          href="/"
          className="inline-flex min-h-8 items-center rounded-md bg-accent px-2.5 text-sm font-medium text-on-accent"
        >
          Sign in
        </a>
      }
    >
      For seven days your account counts for less: it vouches for nobody, and does nothing that
      needs a hardware passkey. Then add a second passkey and make a new recovery code.
    </Notice>
  );
}

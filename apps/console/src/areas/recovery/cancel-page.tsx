import { cancelRecoveryByLink } from '@proofline/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { openCall } from '../../api/open-call.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { dropSecret, readSecret } from '../onboarding/link-secret.ts';

/** Where the link of a message leads: to one button, which can only cancel. */
export function CancelRecoveryPage() {
  const [secret] = useState(() => readSecret(window.location) ?? '');
  const cancel = useMutation({
    mutationFn: () => openCall(cancelRecoveryByLink, { body: { secret } }),
    onSuccess: dropSecret,
  });
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col gap-4 p-4 pt-[8vh]">
      <p className="font-medium tracking-tight text-bright">Proofline</p>
      <h1 className="text-xl font-medium text-bright">Cancel the recovery of your account</h1>
      {cancel.isSuccess ? (
        <Notice kind="done" title="If a recovery was under way, it is cancelled.">
          Nothing of your account was changed. Tell your security team that it was not you.
        </Notice>
      ) : (
        <>
          <p>
            Somebody began to recover your account. If that was you, close this page. If it was not,
            one tap ends it.
          </p>
          {cancel.error && <ProblemNotice error={cancel.error} />}
          <div>
            <Button
              autoFocus
              variant="primary"
              pending={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              It was not me: cancel it
            </Button>
          </div>
        </>
      )}
    </main>
  );
}

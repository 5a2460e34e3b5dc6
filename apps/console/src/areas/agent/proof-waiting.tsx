import { cancelProofRequest, type Interaction, type ProofRequest } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Countdown } from '../../ui/time-text.tsx';

/** A request is open: what to say to the customer, and how long it waits. */
export function ProofWaiting({
  call,
  request,
}: {
  readonly call: Interaction;
  readonly request: ProofRequest;
}) {
  const queries = useQueryClient();
  const cancel = useRouteMutation(cancelProofRequest, () =>
    refreshSoon(queries, ['interactions.read']),
  );
  const withdraw = () =>
    cancel.isPending || cancel.mutate({ params: { interactionId: call.interactionId } });
  useShortcut('x', 'Withdraw the request', withdraw);
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line bg-raised p-3">
      <p role="status" className="flex items-center gap-2 text-sm font-medium text-bright">
        <Hourglass aria-hidden size={15} className="text-warn" />
        Waiting for the customer
        <span className="ml-auto">
          <Countdown untilMs={Date.parse(request.expiresAt)} />
        </span>
      </p>
      {request.matchingNumber ? (
        <div className="flex flex-col items-center gap-1.5 text-center">
          <span className="label-mono text-dim">Read this number out</span>
          <span
            role="img"
            aria-label={`Matching number ${[...request.matchingNumber].join(' ')}`}
            className="font-mono text-code leading-none tracking-[0.15em] text-bright"
          >
            {request.matchingNumber}
          </span>
          <p className="text-sm">
            The customer types it on the page that the message opened. Whoever has no message
            cannot.
          </p>
        </div>
      ) : (
        <p className="text-sm">
          The customer’s own page now names you, the call and its purpose, and asks for their
          passkey.
        </p>
      )}
      {cancel.error && <ProblemNotice error={cancel.error} />}
      <Button pending={cancel.isPending} onClick={withdraw}>
        Withdraw the request <KeyHint keys="x" />
      </Button>
    </div>
  );
}

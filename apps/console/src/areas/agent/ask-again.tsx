import { isAgeTold, requestProof, spanText, type Interaction } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { staleProofAge } from './stale-proof.ts';

/** When something is closed that a new proof would open: one press asks for it. */
export function AskAgain({
  call,
  proof,
}: {
  readonly call: Interaction;
  readonly proof: NonNullable<Interaction['proof']>;
}) {
  const queries = useQueryClient();
  const request = useRouteMutation(requestProof, () => refreshSoon(queries, ['interactions.read']));
  const maxAgeSeconds = staleProofAge(call.capabilities);
  const isAged = maxAgeSeconds !== undefined && isAgeTold(maxAgeSeconds);
  const isWaiting = call.proofRequest?.state === 'open';
  const isOffered = maxAgeSeconds !== undefined && !isWaiting;
  const ask = () => {
    if (!isOffered || request.isPending) return;
    request.mutate({
      params: { interactionId: call.interactionId },
      body: { accountNumber: proof.accountNumber, purpose: call.caseType ?? 'billing' },
    });
  };
  useShortcut('p', 'Ask the customer to prove again', ask);
  if (!isOffered) return null;
  return (
    <div className="mb-4 flex flex-col gap-2">
      <Notice
        kind="warn"
        title={
          isAged
            ? 'The customer’s proof is too old for some of this.'
            : 'Some of this needs a new proof from the customer.'
        }
        actions={
          <Button
            variant="primary"
            pending={request.isPending}
            icon={<RotateCcw aria-hidden size={14} />}
            onClick={ask}
          >
            Ask the customer again <KeyHint keys="p" />
          </Button>
        }
      >
        {isAged && `It may be ${spanText(maxAgeSeconds)} old at most. `}What you have typed stays.
      </Notice>
      {request.error && <ProblemNotice error={request.error} />}
    </div>
  );
}

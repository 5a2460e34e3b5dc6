import type { Interaction } from '@proofline/protocol';
import { BadgeCheck, CircleHelp, PhoneOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { caseTypeWords } from '../../format/words.ts';
import { PropertyList, Section } from '../../ui/surface.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Age, Moment } from '../../ui/time-text.tsx';
import { useKeptFocus } from '../../ui/use-kept-focus.ts';
import { approvalStep, useAsked } from './asked-of-call.ts';
import { ProofStart } from './proof-start.tsx';
import { ProofWaiting } from './proof-waiting.tsx';

/** Who the caller is known to be, and the next step towards knowing it. */
export function CallerSection({
  call,
  isMine,
}: {
  readonly call: Interaction;
  readonly isMine: boolean;
}) {
  const isOpen = call.state !== 'ended';
  const request = call.proofRequest;
  const isWaiting = isOpen && request?.state === 'open';
  const standing = useKeptFocus<HTMLDivElement>(
    [call.state, request?.state, call.proof?.proofId].join(' '),
  );
  return (
    <Section
      title="Caller"
      aside={
        <span className="text-xs text-dim">
          since <Moment at={call.startedAt} withDay={false} />
        </span>
      }
    >
      <div className="flex flex-col gap-3">
        <div ref={standing} tabIndex={-1} className="flex flex-col gap-3 outline-none">
          <Standing call={call} />
        </div>
        {isOpen && isMine && <NextStep call={call} />}
        {isWaiting && isMine && <ProofWaiting call={call} request={request} />}
        {isOpen && isMine && !isWaiting && !call.proof && <ProofStart call={call} />}
      </div>
    </Section>
  );
}

/** Says itself anew when it changes: the agent's eyes are on the form, not on this. */
function NextStep({ call }: { readonly call: Interaction }) {
  const ofApprovals = approvalStep(useAsked(call));
  if (call.proofRequest?.contradicted) {
    const title =
      call.proofRequest.state === 'declined'
        ? 'Somebody said that they are not on this call.'
        : 'The answer was not that of the customer.';
    return (
      <Notice kind="problem" title={title}>
        <strong className="font-medium text-bright">Next step: </strong>
        {call.nextStep}
      </Notice>
    );
  }
  return (
    <div role="status" className="border-l-2 border-accent pl-2.5 text-sm text-bright">
      <p className="label-mono text-dim">Next step</p>
      {ofApprovals && <p>{ofApprovals}</p>}
      <p>{call.nextStep}</p>
    </div>
  );
}

function Standing({ call }: { readonly call: Interaction }) {
  if (call.state === 'ended') {
    return <EndedStanding endedProof={call.endedProof} />;
  }
  if (!call.proof) {
    return (
      <Headline
        icon={<CircleHelp aria-hidden size={20} className="text-warn" />}
        text="The caller has not proved who they are"
      >
        {outcomeText(call) ?? 'A name, a number or a birthday told on the call proves nothing.'}
      </Headline>
    );
  }
  const { proof } = call;
  return (
    <>
      <Headline
        icon={<BadgeCheck aria-hidden size={20} className="text-accent" />}
        text={proof.customerName}
      >
        Proved with a passkey, for this call only.
      </Headline>
      <PropertyList
        items={[
          { label: 'Account', value: <span className="font-mono">{proof.accountNumber}</span> },
          {
            label: 'Strength',
            value: proof.acr === 'phrh' ? 'Passkey, held in hardware' : 'Passkey',
          },
          {
            label: 'Proved',
            value: (
              <>
                <Age since={proof.provedAt} /> <span className="text-dim">ago, at</span>{' '}
                <Moment at={proof.provedAt} withDay={false} />
              </>
            ),
          },
          ...(call.caseType ? [{ label: 'Case', value: caseTypeWords[call.caseType] }] : []),
        ]}
      />
    </>
  );
}

/** What is left of a proof: that there was one, and when. Whose it was went with the call. */
function EndedStanding({ endedProof }: Pick<Interaction, 'endedProof'>) {
  if (!endedProof) {
    return (
      <Headline
        icon={<PhoneOff aria-hidden size={20} className="text-dim" />}
        text="The call is over"
      >
        The caller had not proved who they are.
      </Headline>
    );
  }
  return (
    <Headline
      icon={<PhoneOff aria-hidden size={20} className="text-dim" />}
      text="The caller had proved who they are"
    >
      With a passkey, at <Moment at={endedProof.provedAt} />. The proof ended with the call, at{' '}
      <Moment at={endedProof.endedAt} withDay={false} />, and opens nothing any more.
    </Headline>
  );
}

function Headline({
  icon,
  text,
  children,
}: {
  readonly icon: ReactNode;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex gap-2.5">
      <span className="mt-0.5">{icon}</span>
      <div>
        <p className="font-medium text-bright">{text}</p>
        <p className="text-sm text-text">{children}</p>
      </div>
    </div>
  );
}

const outcomes: Readonly<Partial<Record<string, string>>> = {
  declined: 'The customer declined the last request. Nothing was opened.',
  cancelled: 'The last request was withdrawn.',
  expired: 'The last request was not answered in time.',
  refused: 'The last request was refused: the number or the passkey did not match.',
};

function outcomeText({ proofRequest }: Interaction): string | undefined {
  return proofRequest ? outcomes[proofRequest.state] : undefined;
}

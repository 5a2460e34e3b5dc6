import { closeInteraction, readInteraction, type Interaction } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PhoneOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { placeAt } from '../../shell/areas.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';
import { AccountPanel } from './account-panel.tsx';
import { CallStateBadge, ProvedBadge } from './call-words.tsx';
import { CallerSection } from './caller-section.tsx';
import { openLabels } from './open-labels.ts';
import { ClosedPanel } from './closed-panel.tsx';
import { OpensSection } from './opens-section.tsx';
import { useAskedInTime } from './use-asked-in-time.ts';
import { UnprovedPanel } from './unproved-panel.tsx';
import { WrapUpSection } from './wrap-up-section.tsx';

const route = getRouteApi('/app/agent/calls/$interactionId');

/** The call panel: what is proved, what that opens, and the one next step. */
export function CallPage() {
  const { interactionId } = route.useParams();
  // The route's parameter is text from the address; the server parses it and refuses what is no id.
  const params = { interactionId: interactionId as Interaction['interactionId'] };
  const call = useRouteQuery(readInteraction, { params });
  useAskedInTime(call);
  const place = placeAt(`/agent/calls/${interactionId}`, useSelf());
  return (
    <Page
      crumbs={[place ? { label: place.area, to: place.to } : { label: 'Agent' }, { label: 'Call' }]}
      aside={call.data && <CallHeadline call={call.data} />}
    >
      {call.isPending && <Loading what="the call" />}
      {call.error && (
        <ProblemNotice
          error={call.error}
          actions={<Button onClick={() => void call.refetch()}>Try again</Button>}
        />
      )}
      {call.data && <Panel key={call.data.interactionId} call={call.data} />}
    </Page>
  );
}

function Panel({ call }: { readonly call: Interaction }) {
  const self = useSelf();
  const isMine = call.agentId === self.subjectId;
  const wasOpen = useLastOpen(call);
  return (
    <div className="grid items-start gap-3 xl:grid-cols-[23rem_1fr]">
      <div className="flex min-w-0 flex-col gap-3">
        <CallerSection call={call} isMine={isMine} />
        <OpensSection call={call} />
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        {call.state === 'ended' && <WrapUpSection call={call} />}
        {call.state === 'ended' && <ClosedPanel call={call} wasOpen={wasOpen} />}
        {call.state !== 'ended' && call.proof && call.caseId && isMine && (
          <AccountPanel
            key={call.proof.accountNumber}
            call={call}
            proof={call.proof}
            caseId={call.caseId}
          />
        )}
        {call.state !== 'ended' && (!call.proof || !isMine) && (
          <UnprovedPanel isMine={isMine} isProved={call.proof !== undefined} />
        )}
      </div>
    </div>
  );
}

/** What the panel offered last: the end of a call takes its capabilities away. */
function useLastOpen(call: Interaction): readonly string[] {
  const [last, setLast] = useState(call.capabilities);
  const isTold = call.state !== 'ended' && call.proof !== undefined;
  if (isTold && last !== call.capabilities) setLast(call.capabilities);
  return openLabels(last);
}

function CallHeadline({ call }: { readonly call: Interaction }) {
  const queries = useQueryClient();
  const self = useSelf();
  const button = useRef<HTMLButtonElement>(null);
  const [isAsking, setAsking] = useState(false);
  const end = useRouteMutation(closeInteraction, () => {
    setAsking(false);
    refreshSoon(queries, ['interactions.read', 'interactions.list']);
  });
  // Ending cannot be undone, so its letter only brings the button under the hand.
  useShortcut('e', 'Go to “End call”', () => button.current?.focus());
  return (
    <>
      <CallStateBadge state={call.state} />
      <ProvedBadge proved={call.proof !== undefined} hadProved={call.endedProof !== undefined} />
      {call.state !== 'ended' && call.agentId === self.subjectId && (
        <Button
          ref={button}
          variant="danger"
          icon={<PhoneOff aria-hidden size={14} />}
          onClick={() => {
            end.reset();
            setAsking(true);
          }}
        >
          End call <KeyHint keys="e" />
        </Button>
      )}
      {isAsking && call.state !== 'ended' && (
        <ConfirmDialog
          title="End this call?"
          description="Everything that the caller’s proof opened closes at once. What you have typed and not sent is lost."
          act="End it now"
          keep="Keep the call"
          running={end}
          onAct={() => end.mutate({ params: { interactionId: call.interactionId } })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

import { rollBackPolicies, type ReleaseSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { knownRefusal } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

const origins = {
  files: 'from the server’s folder',
  candidate: 'a candidate made live',
  rollback: 'a return to an earlier release',
} as const;

/** What the page of policies reads, and so must be asked for again after a change. */
export const policyReads = [
  'policies.releases',
  'policies.set',
  'policies.diff',
  'policies.differences',
  'policies.replays',
  'policies.stage',
];

/** A release in the list: what it is, and the way back to it. */
export function ReleaseLine({
  release: one,
  liveSequence,
}: {
  readonly release: ReleaseSummary;
  readonly liveSequence: number;
}) {
  const [isAsking, setAsking] = useState(false);
  const { sequence } = one.release;
  const self = useSelf();
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm first:pt-0 last:pb-0">
      <div className="min-w-0">
        <p>
          <Link
            to="/security/policies"
            search={{ set: String(sequence) }}
            className="text-bright underline"
          >
            Release {sequence}
          </Link>{' '}
          {one.isLive && <strong>in force</strong>}
        </p>
        <p className="text-dim">
          <Moment at={one.releasedAt} />, {origins[one.origin]}
          {one.releasedBy && ` by ${one.releasedBy.name ?? one.releasedBy.id}`}
          {!one.isSigned && ', not signed'}
        </p>
      </div>
      {!one.isLive && one.isSigned && (
        <GuardedButton
          variant="danger"
          refusal={knownRefusal(self.capabilities, 'policy:rollback')}
          onClick={() => setAsking(true)}
        >
          Go back to {sequence} …
        </GuardedButton>
      )}
      {isAsking && (
        <RollbackDialog
          sequence={sequence}
          liveSequence={liveSequence}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function RollbackDialog({
  sequence,
  liveSequence,
  onClose,
}: {
  readonly sequence: number;
  readonly liveSequence: number;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const back = useRouteMutation(rollBackPolicies, () => {
    refreshSoon(queries, policyReads);
    onClose();
  });
  return (
    <ReasonDialog
      title={`Go back to release ${sequence}`}
      description="It is in force on every server within two seconds, under a new number."
      act="Go back"
      running={back}
      onAct={(reason) => back.mutate({ body: { sequence, liveSequence, reason } })}
      onClose={onClose}
    />
  );
}

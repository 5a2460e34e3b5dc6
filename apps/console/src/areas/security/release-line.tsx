import { rollBackPolicies, type GoingBack, type ReleaseSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { knownRefusal } from '../../format/control-state.ts';
import { policyReads } from '../../shell/policy-reads.ts';
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
        <GoingBackText goingBack={one.goingBack} />
      </div>
      {['possible', 'proving', 'unproved'].includes(one.goingBack.state) && (
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

const goingBackWords: Partial<Record<GoingBack['state'], string>> = {
  left: 'What is in force does not come from it: to have it again, propose it.',
  proving: 'Being proved to hold the invariants of today …',
  unproved:
    'Proved to hold the invariants of today when somebody goes back to it: that takes seconds.',
  broken: 'Cannot be gone back to. It breaks an invariant of today:',
  'not-decided': 'Cannot be gone back to. Not decided is an invariant of today:',
};

/** Why one cannot go back to a release, or not at once. */
function GoingBackText({ goingBack: { state, invariants } }: { readonly goingBack: GoingBack }) {
  const words = goingBackWords[state];
  if (words === undefined) return null;
  return (
    <div className="text-dim">
      <p>{words}</p>
      <ul className="list-disc pl-4">
        {invariants.map(({ name, says }) => (
          <li key={name}>{says}</li>
        ))}
      </ul>
    </div>
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
      description="It is in force on every server within two seconds, under a new number. The invariants of today go on to hold."
      act="Go back"
      running={back}
      onAct={(reason) => back.mutate({ body: { sequence, liveSequence, reason } })}
      onClose={onClose}
    />
  );
}

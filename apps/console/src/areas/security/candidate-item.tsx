import {
  promoteCandidate,
  shadowCandidate,
  startReplay,
  vouchForCandidate,
  withdrawCandidate,
  type CandidateSummary,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { knownRefusal, type RefusalText } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button, GuardedButton } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { DroppedPromisesNotice, droppingOf, dropsNothing } from './dropped-promises.tsx';
import { policyReads } from '../../shell/policy-reads.ts';
import { ProofState } from './proof-state.tsx';
import { StageDialog } from './stage-dialog.tsx';

const HOURS = 24;

function casesText(count: number): string {
  return count === 1
    ? '1 named case comes out otherwise than it says.'
    : `${count} named cases come out otherwise than they say.`;
}

function brokenText(count: number): string {
  const broken = count === 1 ? 'An invariant is' : `${count} invariants are`;
  return `${broken} broken: a request is permitted that never must be.`;
}

/** Why this candidate cannot be made live by this person now; the server decides again. */
function refusalOf(one: CandidateSummary): RefusalText | undefined {
  if (one.isOwn) {
    return {
      reason: 'You proposed this. Nobody makes live what they proposed themselves.',
      nextStep: 'Another security administrator can.',
    };
  }
  if (one.vouching.isOwn) {
    return {
      reason: 'You vouched for this. Nobody makes live what they answer for themselves.',
      nextStep: 'Another security administrator can.',
    };
  }
  if (one.vouching.isNeeded) {
    return {
      reason: 'A program proposed this, and no person answers for it.',
      nextStep: 'One person vouches for it, another makes it live.',
    };
  }
  if (one.outcome.failedCount > 0) {
    return {
      reason: casesText(one.outcome.failedCount),
      nextStep: 'Mend the policy or the case, and propose it again.',
    };
  }
  if (one.proof.broken.length > 0) {
    return {
      reason: brokenText(one.proof.broken.length),
      nextStep: 'Mend the policy that permits it, and propose it again.',
    };
  }
  if (one.proof.state === 'not-decided') {
    return {
      reason: `${one.proof.undecided.length} invariants could not be proved or disproved.`,
      nextStep: 'Look at the reason below. Write the policy or the invariant more plainly.',
    };
  }
  if (!one.isCurrent) {
    return {
      reason: 'Other policies became live since it was proposed.',
      nextStep: 'Propose it again on top of them.',
    };
  }
  return undefined;
}

const unseenRefusal: RefusalText = {
  reason: 'It drops something that the release in force promises.',
  nextStep: 'Read what, and say so above.',
};

/** A proposed set: who, what came of its cases, and what can be done with it. */
export function CandidateItem({
  candidate: one,
  liveSequence,
}: {
  readonly candidate: CandidateSummary;
  readonly liveSequence: number;
}) {
  const { candidateId, digest, outcome, shadow } = one;
  const queries = useQueryClient();
  const again = () => refreshSoon(queries, policyReads);
  return (
    <li className="flex flex-col gap-2 py-2 text-sm first:pt-0 last:pb-0">
      <div>
        <p>
          <Link
            to="/security/policies"
            search={{ set: candidateId }}
            className="text-bright underline"
          >
            {one.note || 'Without a note'}
          </Link>{' '}
          <strong>{one.state}</strong>
        </p>
        <p className="text-dim">
          Proposed by {one.isOwn ? 'you' : (one.proposedBy.name ?? one.proposedBy.id)},{' '}
          <Moment at={one.proposedAt} />, on top of release {one.baseSequence}
        </p>
        <VoucherLine vouching={one.vouching} />
        <p className="text-dim">
          {outcome.passed} named cases hold
          {outcome.failedCount > 0 && `, ${outcome.failedCount} come out otherwise`}
          {shadow.compared > 0 && `; in shadow it has seen ${shadow.compared} decisions`}
        </p>
        {outcome.failed.length > 0 && (
          <details>
            <summary>Cases that come out otherwise</summary>
            <ul className="list-disc pl-4 text-xs">
              {outcome.failed.map(({ name, problems }) => (
                <li key={name}>
                  <span className="font-mono text-bright">{name}</span>: {problems.join('; ')}
                </li>
              ))}
            </ul>
          </details>
        )}
        <p className="font-mono text-xs break-all text-dim">{digest}</p>
        <ProofState proof={one.proof} onWait={again} />
        {one.state !== 'open' && !dropsNothing(one.drops) && (
          <DroppedPromisesNotice drops={one.drops} isSeen={false} />
        )}
      </div>
      {one.state === 'open' && <Acts candidate={one} liveSequence={liveSequence} />}
    </li>
  );
}

function VoucherLine({ vouching: { by, isOwn } }: Pick<CandidateSummary, 'vouching'>) {
  if (by === undefined) return null;
  return <p className="text-dim">{isOwn ? 'You answer' : `${by.name ?? by.id} answers`} for it</p>;
}

function Acts({
  candidate: one,
  liveSequence,
}: {
  readonly candidate: CandidateSummary;
  readonly liveSequence: number;
}) {
  const { capabilities } = useSelf();
  const queries = useQueryClient();
  const [isStaging, setStaging] = useState(false);
  const again = () => refreshSoon(queries, policyReads);
  const promote = useRouteMutation(promoteCandidate, again);
  const vouch = useRouteMutation(vouchForCandidate, again);
  const withdraw = useRouteMutation(withdrawCandidate, again);
  const shadow = useRouteMutation(shadowCandidate, again);
  const navigate = useNavigate();
  const replay = useRouteMutation(startReplay, ({ replayId }) => {
    again();
    // What was asked for is looked at, not the shadow that was shown before.
    void navigate({
      to: '/security/policies',
      search: { set: one.candidateId, replay: replayId },
    });
  });
  const params = { candidateId: one.candidateId };
  const [isSeen, setSeen] = useState(dropsNothing(one.drops));
  const refusal =
    knownRefusal(capabilities, 'policy:propose') ??
    refusalOf(one) ??
    (isSeen ? undefined : unseenRefusal);
  const rehearse = knownRefusal(capabilities, 'policy:rehearse');
  const { isRunning } = one.shadow;
  const error = [promote, vouch, withdraw, shadow, replay].find((act) => act.error)?.error;
  return (
    <>
      {!dropsNothing(one.drops) && (
        <DroppedPromisesNotice drops={one.drops} isSeen={isSeen} onSeen={setSeen} />
      )}
      <div className="flex flex-wrap items-start gap-2">
        <GuardedButton
          variant="primary"
          pending={promote.isPending}
          refusal={refusal}
          onClick={() => {
            const dropping = droppingOf(one.drops);
            promote.mutate({ params, body: { digest: one.digest, liveSequence, dropping } });
          }}
        >
          Make live
        </GuardedButton>
        {one.vouching.isNeeded && one.isCurrent && (
          <GuardedButton
            pending={vouch.isPending}
            refusal={knownRefusal(capabilities, 'policy:propose')}
            onClick={() => vouch.mutate({ params, body: { digest: one.digest } })}
          >
            Vouch for it
          </GuardedButton>
        )}
        {refusal === undefined && <Button onClick={() => setStaging(true)}>For some …</Button>}
        <GuardedButton
          pending={shadow.isPending}
          refusal={rehearse}
          show="tooltip"
          onClick={() => shadow.mutate({ params, body: { hours: isRunning ? 0 : HOURS } })}
        >
          {isRunning ? 'Stop the shadow' : 'Shadow for a day'}
        </GuardedButton>
        <GuardedButton
          pending={replay.isPending}
          refusal={rehearse}
          show="tooltip"
          onClick={() => replay.mutate({ params, body: { hours: HOURS } })}
        >
          Replay the last day
        </GuardedButton>
        <GuardedButton
          pending={withdraw.isPending}
          refusal={knownRefusal(capabilities, 'policy:propose')}
          show="tooltip"
          onClick={() => withdraw.mutate({ params })}
        >
          Withdraw
        </GuardedButton>
      </div>
      {error && <ProblemNotice error={error} />}
      {isStaging && (
        <StageDialog
          candidate={one}
          liveSequence={liveSequence}
          onClose={() => setStaging(false)}
        />
      )}
    </>
  );
}

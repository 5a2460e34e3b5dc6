import { actions, type Approval, type ReasonCode } from '@proofline/protocol';
import { useEffect, useRef } from 'react';
import { knownRefusal, type RefusalText } from '../../format/control-state.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Countdown, Moment } from '../../ui/time-text.tsx';
import { ApprovalStateBadge } from '../agent/approval-words.tsx';
import { ApprovalContentView } from './approval-content.tsx';
import { ReasonChoice } from './reason-choice.tsx';

const ownRequest: RefusalText = {
  reason: 'You asked for this yourself. Nobody decides on their own request.',
  nextStep: 'Another supervisor of your desk can.',
};

/** One approval: exactly what will happen, and the two ways to answer. */
export function ApprovalItem(props: {
  readonly approval: Approval;
  readonly isCurrent: boolean;
  readonly verdict: 'approve' | 'reject' | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onVerdict: (verdict: 'approve' | 'reject') => void;
  readonly onReason: (reasonCode: ReasonCode) => void;
}) {
  const { approval, isCurrent, verdict, isPending, error, onVerdict, onReason } = props;
  const self = useSelf();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const isOwn = approval.requestedBy.subjectId === self.subjectId;
  const refusal = isOwn ? ownRequest : knownRefusal(self.capabilities, 'approval:decide');
  const label = actions[approval.content.action].label;
  return (
    <li
      ref={item}
      aria-current={isCurrent ? 'true' : undefined}
      className={classNames(
        'flex flex-col gap-3 rounded-lg border bg-surface p-3',
        isCurrent ? 'border-accent' : 'border-line',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium text-bright">
          {label.charAt(0).toUpperCase() + label.slice(1)}
        </h2>
        <ApprovalStateBadge state={approval.state} outcome={approval.outcome} />
        <span className="text-sm text-dim">
          asked by <span className="text-bright">{approval.requestedBy.displayName}</span> at{' '}
          <Moment at={approval.requestedAt} withDay={false} />
        </span>
        {approval.state === 'open' && (
          <span className="ml-auto text-sm text-dim">
            expires in <Countdown untilMs={Date.parse(approval.expiresAt)} />
          </span>
        )}
      </div>
      <ApprovalContentView approval={approval} />
      {approval.state === 'open' && (
        <div className="flex flex-wrap items-start gap-2">
          <GuardedButton
            variant={verdict === 'approve' ? 'primary' : 'secondary'}
            refusal={refusal}
            onClick={() => onVerdict('approve')}
          >
            Approve … {isCurrent && <KeyHint keys="a" />}
          </GuardedButton>
          {!refusal && (
            <GuardedButton
              variant={verdict === 'reject' ? 'danger' : 'secondary'}
              refusal={undefined}
              onClick={() => onVerdict('reject')}
            >
              Reject … {isCurrent && <KeyHint keys="r" />}
            </GuardedButton>
          )}
        </div>
      )}
      {verdict && !refusal && (
        <ReasonChoice verdict={verdict} isPending={isPending} onReason={onReason} />
      )}
      {error !== null && <ProblemNotice error={error} />}
    </li>
  );
}

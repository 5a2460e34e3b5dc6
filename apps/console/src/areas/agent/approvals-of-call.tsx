import { actions, listApprovals, type Approval, type Interaction } from '@proofline/protocol';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { reasonCodeWords } from '../../format/words.ts';
import { Button } from '../../ui/button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Money } from '../../ui/money.tsx';
import { Section } from '../../ui/surface.tsx';
import { Countdown } from '../../ui/time-text.tsx';
import { useKeptFocus } from '../../ui/use-kept-focus.ts';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { ApprovalStateBadge } from './approval-words.tsx';
import { refundOf } from './refund-of.ts';
import { isAskedAnew, usedUp } from './used-up.ts';
import { UsedUpNotice } from './used-up-notice.tsx';

/** What a supervisor was asked on this call, and what became of it. */
export function ApprovalsOfCall({
  call,
  account,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
}) {
  const approvals = useRouteQuery(listApprovals, { query: {} });
  const asked = (approvals.data?.approvals ?? []).filter(
    ({ content }) => content.interactionId === call.interactionId,
  );
  if (asked.length === 0) return null;
  return (
    <Section title="Approvals on this call">
      <ul className="flex flex-col gap-4">
        {asked.map((approval) => (
          <li key={approval.approvalId}>
            <AskedFor approval={approval} account={account} isAnew={isAskedAnew(approval, asked)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function AskedFor({
  approval,
  account,
  isAnew,
}: {
  readonly approval: Approval;
  readonly account: OpenAccount;
  readonly isAnew: boolean;
}) {
  const change = useRecordChange(account);
  const refund = refundOf(approval.content);
  const cameToNothing = usedUp(approval);
  const isReady = approval.state === 'approved' && refund !== undefined && !change.isSuccess;
  const send = () => {
    if (isReady && !change.isPending) change.mutate({ kind: 'refund', body: refund });
  };
  useShortcut('g', 'Send the approved refund', send);
  const place = useKeptFocus<HTMLDivElement>(`${approval.state} ${change.status}`);
  return (
    <div ref={place} tabIndex={-1} className="flex flex-col gap-2 outline-none">
      <AskedForLine approval={approval} isSent={change.isSuccess} />
      {isReady && (
        <div className="flex flex-col items-start gap-1">
          <Button variant="primary" pending={change.isPending} onClick={send}>
            Send refund <KeyHint keys="g" />
          </Button>
          <p className="text-xs text-dim">
            The approval is for exactly this, once. You may be asked for your passkey.
          </p>
        </div>
      )}
      {approval.state === 'revoked' && (
        <Notice kind="warn" title="This approval no longer counts.">
          Whoever approved it was signed out by security, or does not work here any more. Ask again
          for the same; somebody else can approve it.
        </Notice>
      )}
      {change.error && !cameToNothing && <ProblemNotice error={change.error} />}
      {cameToNothing && (
        <UsedUpNotice approval={approval} because={cameToNothing} isAnew={isAnew} />
      )}
      {change.isSuccess && <Notice kind="done" title="The refund is on its way to the customer." />}
    </div>
  );
}

function AskedForLine({
  approval,
  isSent,
}: {
  readonly approval: Approval;
  readonly isSent: boolean;
}) {
  const refund = refundOf(approval.content);
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <ApprovalStateBadge
        state={isSent ? 'used' : approval.state}
        outcome={isSent ? 'completed' : approval.outcome}
      />
      {!refund && <span>{actions[approval.content.action].label}</span>}
      {refund && (
        <>
          <span>
            Refund <Money cents={refund.amountCents} />
          </span>
          <span className="font-mono text-bright">{refund.invoiceId}</span>
          <span className="text-dim">{reasonCodeWords[refund.reason]}</span>
        </>
      )}
      {approval.state === 'open' && (
        <span role="status" className="text-dim">
          Waiting for a supervisor of your desk …{' '}
          <Countdown untilMs={Date.parse(approval.expiresAt)} />
        </span>
      )}
      {approval.decidedBy && (
        <span className="text-dim">
          {approval.state === 'rejected' ? 'rejected' : 'approved'} by{' '}
          {approval.decidedBy.displayName}
          {approval.reasonCode && `, because of: ${reasonCodeWords[approval.reasonCode]}`}
        </span>
      )}
    </div>
  );
}

import { actions, type Approval } from '@proofline/protocol';
import type { Invoice } from '../../api/customer-record.ts';
import type { RecordChange } from '../../api/gateway.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Money } from '../../ui/money.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Countdown } from '../../ui/time-text.tsx';
import { useKeptFocus } from '../../ui/use-kept-focus.ts';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { ApprovalStateBadge } from './approval-words.tsx';
import { changeOf, termsOf } from './change-of.ts';
import { refundOf } from './refund-of.ts';
import { TakeBack } from './take-back.tsx';
import { askedAgain, isAskedAnew, usedUp } from './used-up.ts';
import { UsedUpNotice } from './used-up-notice.tsx';

const grounds: Readonly<Partial<Record<Approval['state'], string>>> = {
  open: 'border-warn bg-warn-ground',
  approved: 'border-accent bg-accent-ground',
};

/** One request to a supervisor, what became of it, and, once approved, the press that sends it. */
export function AskedFor({
  approval,
  account,
  asked,
  invoices,
  onSent,
}: {
  readonly approval: Approval;
  readonly account: OpenAccount;
  /** All that was asked alike. */
  readonly asked: readonly Approval[];
  readonly invoices?: readonly Invoice[];
  readonly onSent?: (sent: RecordChange) => void;
}) {
  const change = useRecordChange(account);
  const approved = changeOf(approval.content);
  const cameToNothing = usedUp(approval);
  const isApproved = approval.state === 'approved' && !change.isSuccess;
  const send = () => {
    if (!approved || change.isPending) return;
    change.mutate(approved, { onSuccess: () => onSent?.(approved) });
  };
  const place = useKeptFocus<HTMLDivElement>(`${approval.state} ${change.status}`);
  return (
    <div
      ref={place}
      tabIndex={-1}
      className={classNames(
        'flex flex-col gap-2 rounded-md border px-3 py-2 outline-none',
        grounds[approval.state] ?? 'border-line',
      )}
    >
      <AskedForLine approval={approval} isSent={change.isSuccess} />
      {isApproved && approved && (
        <SendApproved kind={approved.kind} isPending={change.isPending} onSend={send} />
      )}
      {isApproved && !approved && (
        <p className="text-sm">
          This panel did not ask for it and cannot send it. Carry it out where it was asked for.
        </p>
      )}
      <WithoutSending approval={approval} />
      {change.error && !cameToNothing && <ProblemNotice error={change.error} />}
      {cameToNothing && (
        <UsedUpNotice
          again={askedAgain(approval, { because: cameToNothing, invoices: invoices ?? [] })}
          because={cameToNothing}
          isAnew={isAskedAnew(approval, asked)}
        />
      )}
      {change.isSuccess && <Notice kind="done" title={doneText(change.variables.kind)} />}
    </div>
  );
}

/** What there is to say or to do while it cannot be sent. */
function WithoutSending({ approval }: { readonly approval: Approval }) {
  if (approval.state === 'open') return <TakeBack approval={approval} />;
  if (approval.state === 'withdrawn') {
    return <p className="text-sm">It was taken back before anybody answered. Nothing was sent.</p>;
  }
  if (approval.state !== 'revoked') return null;
  return (
    <Notice kind="warn" title="This approval no longer counts.">
      Whoever approved it was signed out by security, or does not work here any more. Ask again for
      the same; somebody else can approve it.
    </Notice>
  );
}

function doneText(kind: RecordChange['kind']): string {
  return kind === 'refund'
    ? 'The refund is on its way to the customer.'
    : 'Done as it was approved, and written down.';
}

/** Its shortcut is there only while there is something to send. */
function SendApproved({
  kind,
  isPending,
  onSend,
}: {
  readonly kind: RecordChange['kind'];
  readonly isPending: boolean;
  readonly onSend: () => void;
}) {
  useShortcut('g', 'Carry out what was approved', onSend);
  return (
    <div className="flex flex-col items-start gap-1">
      <Button variant="primary" pending={isPending} onClick={onSend}>
        {kind === 'refund' ? 'Send refund' : 'Carry it out'} <KeyHint keys="g" />
      </Button>
      <p className="text-xs">
        The approval is for exactly this, once. You may be asked for your passkey.
      </p>
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
      {!refund && <ActInWords content={approval.content} />}
      {refund && (
        <>
          <span>
            Refund <Money cents={refund.amountCents} />
          </span>
          <span className="font-mono text-bright">{refund.invoiceId}</span>
          <span>{reasonCodeWords[refund.reason]}</span>
        </>
      )}
      {approval.state === 'open' && (
        <span>
          Waiting for a supervisor of your desk …{' '}
          <Countdown untilMs={Date.parse(approval.expiresAt)} />
        </span>
      )}
      {approval.decidedBy && (
        <span>
          {approval.state === 'rejected' ? 'rejected' : 'approved'} by{' '}
          {approval.decidedBy.displayName}
          {approval.reasonCode && `, because of: ${reasonCodeWords[approval.reasonCode]}`}
        </span>
      )}
    </div>
  );
}

/** What was asked for besides refunds: the act, and its terms as the form says them. */
function ActInWords({ content }: Pick<Approval, 'content'>) {
  return (
    <>
      <span>{actions[content.action].label}</span>
      {termsOf(content)?.map(({ label, value }) => (
        <span key={label} className="text-bright">
          {value}
        </span>
      ))}
    </>
  );
}

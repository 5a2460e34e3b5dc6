import type { Approval, ResultOutcome } from '@proofline/protocol';
import type { RefundBody } from '../../api/customer-record.ts';
import { amountOf } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { PropertyList, type Property } from '../../ui/surface.tsx';
import { termsOf } from '../agent/change-of.ts';
import { leftOf, refundOf } from '../agent/refund-of.ts';

const outcomeWords: Readonly<Record<ResultOutcome, string>> = {
  completed: 'The guarded system carried it out.',
  'upstream-refused':
    'The guarded system refused it, and nothing was changed. The approval is used up.',
  'upstream-failed':
    'The guarded system gave no answer that can be read; it may have been carried out. The approval is used up.',
};

/** Exactly what will be sent: nothing else can be done with the approval. */
export function ApprovalContentView({ approval }: { readonly approval: Approval }) {
  const { content, note, decidedBy, reasonCode, outcome } = approval;
  const items: Property[] = [
    {
      label: content.resource.type,
      value: <span className="font-mono">{content.resource.id}</span>,
    },
    ...bodyItems(approval),
    ...(note ? [{ label: 'Note', value: note }] : []),
    ...(decidedBy
      ? [
          {
            label: 'Decided by',
            value: `${decidedBy.displayName}${reasonCode ? `: ${reasonCodeWords[reasonCode]}` : ''}`,
          },
        ]
      : []),
    ...(outcome ? [{ label: 'Came to', value: outcomeWords[outcome] }] : []),
    {
      label: 'Digest',
      value: <span className="font-mono text-xs break-all text-dim">{approval.contentDigest}</span>,
    },
  ];
  return <PropertyList items={items} />;
}

function bodyItems({ content }: Approval): Property[] {
  const refund = refundOf(content);
  const terms = termsOf(content);
  if (terms) return terms.map(({ label, value }) => ({ label, value }));
  if (!refund) {
    return Object.entries(content.body).map(([label, value]) => ({
      label,
      value: <span className="font-mono">{JSON.stringify(value)}</span>,
    }));
  }
  const { number, unit } = amountOf(refund.amountCents);
  return [
    {
      label: 'Amount',
      value: (
        <>
          <span className="text-lg text-bright">{number}</span>{' '}
          <span className="text-dim">{unit}</span>
        </>
      ),
    },
    {
      label: 'Invoice',
      value: <InvoiceLine invoiceId={refund.invoiceId} seen={refund.seen} />,
    },
    ...leftItem(refund),
    { label: 'Reason given', value: reasonCodeWords[refund.reason] },
  ];
}

function leftItem({ amountCents, seen }: RefundBody): Property[] {
  if (!seen) return [];
  const left = leftOf(seen);
  const value =
    amountCents > left ? (
      <span className="text-danger">More than the {textOf(left)} that are left.</span>
    ) : (
      `${textOf(left - amountCents)} of it would be left after this`
    );
  return [{ label: 'Left', value }];
}

/** The invoice as it was sent along: part of what is approved, and held against the record there. */
function InvoiceLine({
  invoiceId,
  seen,
}: {
  readonly invoiceId: string;
  readonly seen: RefundBody['seen'] | undefined;
}) {
  return (
    <>
      <span className="font-mono">{invoiceId}</span>{' '}
      {seen ? (
        <>
          of <span className="text-bright">{textOf(seen.amountCents)}</span>,{' '}
          {seen.refundedCents === 0
            ? 'nothing refunded so far'
            : `${textOf(seen.refundedCents)} refunded so far`}
          . <span className="text-dim">If that is not so, the refund is not carried out.</span>
        </>
      ) : (
        <span className="text-warn">
          What it amounts to was not sent along. Ask before you approve.
        </span>
      )}
    </>
  );
}

function textOf(cents: number): string {
  const { number, unit } = amountOf(cents);
  return `${number} ${unit}`;
}

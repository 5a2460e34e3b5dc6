import type { Approval, ResultOutcome } from '@proofline/protocol';
import { amountOf } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { PropertyList, type Property } from '../../ui/surface.tsx';
import { refundOf } from '../agent/refund-of.ts';

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
    { label: 'Invoice', value: <span className="font-mono">{refund.invoiceId}</span> },
    { label: 'Reason given', value: reasonCodeWords[refund.reason] },
  ];
}

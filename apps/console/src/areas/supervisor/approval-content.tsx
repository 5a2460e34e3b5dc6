import type { Approval } from '@proofline/protocol';
import { amountOf } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { PropertyList, type Property } from '../../ui/surface.tsx';
import { refundOf } from '../agent/refund-of.ts';

/** Exactly what will be sent: nothing else can be done with the approval. */
export function ApprovalContentView({ approval }: { readonly approval: Approval }) {
  const { content, note, decidedBy, reasonCode } = approval;
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

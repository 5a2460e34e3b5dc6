import type { Interaction } from '@proofline/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RefundBody } from '../../api/customer-record.ts';
import { useAsked } from './asked-of-call.ts';
import { refundOf } from './refund-of.ts';

type Terms = Pick<RefundBody, 'invoiceId' | 'amountCents'>;

/** The refunds that went out on this call: the same once more is asked about first. */
export function useSentRefunds(call: Interaction) {
  const queries = useQueryClient();
  // Kept beside the panel: it is drawn anew with every proof, and the call remembers.
  const queryKey = ['sent-refunds', call.interactionId];
  const { data } = useQuery<readonly Terms[]>({
    queryKey,
    // Nobody else knows: when everything is asked for anew, this is the answer.
    queryFn: () => queries.getQueryData<readonly Terms[]>(queryKey) ?? [],
    initialData: [],
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const approved = useAsked(call).flatMap((approval) => {
    const refund = approval.outcome === 'completed' ? refundOf(approval.content) : undefined;
    return refund ? [refund] : [];
  });
  return {
    has: (refund: Terms) => [...data, ...approved].some((one) => isSame(one, refund)),
    add: ({ invoiceId, amountCents }: Terms) =>
      queries.setQueryData<readonly Terms[]>(queryKey, (known = []) => [
        ...known,
        { invoiceId, amountCents },
      ]),
  };
}

function isSame(one: Terms, other: Terms): boolean {
  return one.invoiceId === other.invoiceId && one.amountCents === other.amountCents;
}

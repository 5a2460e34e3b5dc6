import {
  actions,
  listApprovals,
  type Action,
  type Approval,
  type Interaction,
  type Total,
} from '@proofline/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { amountOf } from '../../format/money.ts';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { termsOf } from './change-of.ts';
import { refundOf } from './refund-of.ts';

const all = { query: {} };

/** What a supervisor was asked on this call, the newest first; once the caller is proved. */
export function useAsked(call: Interaction): readonly Approval[] {
  const approvals = useRouteQuery(listApprovals, all, { enabled: call.proof !== undefined });
  return (approvals.data?.approvals ?? []).filter(
    ({ content }) => content.interactionId === call.interactionId,
  );
}

/** Shows a request that was just made or changed, before the list is read again. */
export function showAsked(queries: QueryClient, approval: Approval): void {
  queries.setQueryData<{ approvals: Approval[]; total?: Total }>(
    [listApprovals.id, all],
    (known) => {
      const { approvals = [] } = known ?? {};
      const isSame = ({ approvalId }: Approval) => approvalId === approval.approvalId;
      return {
        ...known,
        approvals: approvals.some(isSame)
          ? approvals.map((one) => (isSame(one) ? approval : one))
          : [approval, ...approvals],
      };
    },
  );
}

/** The step that follows from what was asked: what can be sent, then what waits, then a no. */
export function approvalStep(asked: readonly Approval[]): string | undefined {
  const approved = asked.find(({ state }) => state === 'approved');
  if (approved) {
    return `A supervisor has approved: ${thingOf(approved)}. Send it where you asked for it.`;
  }
  const open = asked.find(({ state }) => state === 'open');
  if (open) {
    return `Waiting for a supervisor to approve: ${thingOf(open)}. Stay on the call; what they decide is said here.`;
  }
  const [latest] = asked.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  if (latest?.state === 'rejected') {
    return `A supervisor has rejected: ${thingOf(latest)}. Nothing was sent. Tell the caller.`;
  }
  return undefined;
}

function thingOf({ content }: Approval): string {
  const refund = refundOf(content);
  if (!refund) {
    const terms = (termsOf(content) ?? []).map(({ value }) => value).join(', ');
    return `${labelOf(content.action)}${terms && ` (${terms})`}`;
  }
  const { number, unit } = amountOf(refund.amountCents);
  return `a refund of ${number} ${unit} on ${refund.invoiceId}`;
}

function labelOf(action: Action): string {
  return actions[action].label;
}

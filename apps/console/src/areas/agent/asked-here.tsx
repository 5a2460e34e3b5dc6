import type { Action, Interaction } from '@proofline/protocol';
import type { Ref } from 'react';
import type { Invoice } from '../../api/customer-record.ts';
import type { RecordChange } from '../../api/gateway.ts';
import type { OpenAccount } from './account-data.ts';
import { AskedFor } from './asked-for.tsx';
import { useAsked } from './asked-of-call.ts';

/** What became of what was asked with this form, where it was asked. Takes the focus of the question. */
export function AskedHere({
  ref,
  call,
  account,
  action,
  invoices,
  onSent,
}: {
  readonly ref: Ref<HTMLDivElement>;
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly action: Action;
  readonly invoices?: readonly Invoice[];
  readonly onSent?: (sent: RecordChange) => void;
}) {
  const asked = useAsked(call).filter(({ content }) => content.action === action);
  return (
    <div ref={ref} tabIndex={-1} className="outline-none">
      {asked.length > 0 && (
        <ul aria-label="Asked of a supervisor" className="flex flex-col gap-2">
          {asked.map((approval) => (
            <li key={approval.approvalId}>
              <AskedFor
                approval={approval}
                account={account}
                asked={asked}
                {...(invoices ? { invoices } : {})}
                {...(onSent ? { onSent } : {})}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

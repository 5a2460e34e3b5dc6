import type { Interaction, ReasonCode } from '@proofline/protocol';
import { useRef, useState } from 'react';
import type { Invoice, RefundBody } from '../../api/customer-record.ts';
import { remediesOf } from '../../api/refusal.ts';
import { parseCents } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { choicesOf, SelectField, TextField } from '../../ui/field.tsx';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { AskSupervisor } from './ask-supervisor.tsx';
import { ChangeFrame } from './change-frame.tsx';

interface Typed {
  readonly invoiceId?: string | undefined;
  readonly amount: string;
  readonly reason?: ReasonCode | undefined;
}

/** A refund: small ones at once, larger ones once a supervisor has approved exactly this. */
export function RefundForm({
  call,
  account,
  invoices,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly invoices: readonly Invoice[];
}) {
  const field = useRef<HTMLSelectElement>(null);
  const [typed, setTyped] = useState<Typed>({ amount: '' });
  const [isChecked, setChecked] = useState(false);
  const change = useRecordChange(account);
  useShortcut('f', 'Start a refund', () => field.current?.focus());
  const body = bodyOf(typed);
  const isAmountWrong = typed.amount !== '' && parseCents(typed.amount) === undefined;
  const edit = (next: Partial<Typed>) => {
    setTyped({ ...typed, ...next });
    change.reset();
  };
  return (
    <ChangeFrame
      call={call}
      kind="refund"
      shortcut="f"
      attempt={change}
      doneText="The refund is on its way to the customer."
      onSubmit={() => (body ? change.mutate({ kind: 'refund', body }) : setChecked(true))}
      remedy={
        body &&
        remediesOf(change.error).some(({ kind }) => kind === 'approval') && (
          <AskSupervisor
            call={call}
            account={account}
            action="refund:initiate"
            body={{ ...body }}
            onAsked={() => {
              change.reset();
              // The button that was pressed goes away with the refusal.
              field.current?.focus();
            }}
          />
        )
      }
    >
      <SelectField
        ref={field}
        label="Invoice"
        empty="Choose …"
        required
        choices={invoices.map(({ invoiceId, period }) => ({
          value: invoiceId,
          label: [invoiceId, period].filter(Boolean).join(' · '),
        }))}
        value={typed.invoiceId}
        onChoose={(invoiceId) => edit({ invoiceId })}
      />
      <div className="grid gap-2 sm:grid-cols-2">
        <TextField
          label="Amount in EUR"
          inputMode="decimal"
          className="font-mono"
          required
          error={
            isAmountWrong || (isChecked && !body && typed.amount === '')
              ? 'Type an amount such as 12.50.'
              : undefined
          }
          value={typed.amount}
          onChange={({ target }) => edit({ amount: target.value })}
        />
        <SelectField
          label="Reason"
          empty="Choose …"
          required
          choices={choicesOf(reasonCodeWords)}
          value={typed.reason}
          onChoose={(reason) => edit({ reason })}
        />
      </div>
    </ChangeFrame>
  );
}

function bodyOf({ invoiceId, amount, reason }: Typed): RefundBody | undefined {
  const amountCents = parseCents(amount);
  if (!invoiceId || amountCents === undefined || !reason) return undefined;
  return { invoiceId, amountCents, reason };
}

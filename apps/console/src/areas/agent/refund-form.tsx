import type { Interaction, ReasonCode } from '@proofline/protocol';
import { useRef, useState, type Ref } from 'react';
import type { Invoice, RefundBody } from '../../api/customer-record.ts';
import { remediesOf } from '../../api/refusal.ts';
import { amountOf, parseCents } from '../../format/money.ts';
import { reasonCodeWords } from '../../format/words.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { choicesOf, SelectField, TextField } from '../../ui/field.tsx';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { AskSupervisor } from './ask-supervisor.tsx';
import { AskedHere } from './asked-here.tsx';
import { ChangeFrame } from './change-frame.tsx';
import { leftOf, seenOf } from './refund-of.ts';
import { RepeatedRefund } from './repeated-refund.tsx';
import { useSentRefunds } from './sent-refunds.ts';

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
  const answer = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState<Typed>({ amount: '' });
  const [isChecked, setChecked] = useState(false);
  const [note, setNote] = useState('');
  const [repeated, setRepeated] = useState<RefundBody>();
  const change = useRecordChange(account);
  const sent = useSentRefunds(call);
  useUnsent(Boolean(typed.invoiceId ?? typed.reason) || typed.amount !== '');
  useShortcut('f', 'Start a refund', () => field.current?.focus());
  const invoice = invoices.find(({ invoiceId }) => invoiceId === typed.invoiceId);
  const body = bodyOf(typed, invoice);
  const edit = (next: Partial<Typed>) => {
    setTyped({ ...typed, ...next });
    setRepeated(undefined);
    change.reset();
  };
  const wasSent = (refund: RefundBody) => {
    sent.add(refund);
    setRepeated(undefined);
    setChecked(false);
    // Sent is sent: what stands here next is another refund. What was typed since stays.
    setTyped((now) => (isOf(refund, now) ? { amount: '' } : now));
  };
  const send = (refund: RefundBody) =>
    change.mutate({ kind: 'refund', body: refund }, { onSuccess: () => wasSent(refund) });
  const submit = () => {
    if (!body) setChecked(true);
    else if (sent.has(body) && !repeated) setRepeated(body);
    else send(body);
  };
  return (
    <ChangeFrame
      call={call}
      kind="refund"
      shortcut="f"
      attempt={change}
      doneText="The refund is on its way to the customer."
      onSubmit={submit}
      remedy={
        body &&
        remediesOf(change.error).some(({ kind }) => kind === 'approval') && (
          <AskSupervisor
            call={call}
            account={account}
            action="refund:initiate"
            body={{ ...body }}
            note={{ text: note, set: setNote }}
            onAsked={() => {
              change.reset();
              // The button that was pressed goes away with the refusal; the answer comes in its place.
              answer.current?.focus();
            }}
          />
        )
      }
      asked={
        <>
          <AskedHere
            ref={answer}
            call={call}
            account={account}
            action="refund:initiate"
            invoices={invoices}
            onSent={(carriedOut) => carriedOut.kind === 'refund' && wasSent(carriedOut.body)}
          />
          {repeated && (
            <RepeatedRefund
              refund={repeated}
              onSend={() => {
                setRepeated(undefined);
                send(repeated);
              }}
              onKeep={() => {
                setRepeated(undefined);
                field.current?.focus();
              }}
            />
          )}
        </>
      }
    >
      <RefundFields
        ref={field}
        typed={typed}
        invoices={invoices}
        amountError={amountError(typed, invoice, isChecked)}
        onEdit={edit}
      />
    </ChangeFrame>
  );
}

function RefundFields({
  ref,
  typed,
  invoices,
  amountError: wrong,
  onEdit,
}: {
  readonly ref: Ref<HTMLSelectElement>;
  readonly typed: Typed;
  readonly invoices: readonly Invoice[];
  readonly amountError: string | undefined;
  readonly onEdit: (next: Partial<Typed>) => void;
}) {
  return (
    <>
      <SelectField
        ref={ref}
        label="Invoice"
        empty="Choose …"
        required
        choices={invoices.map(({ invoiceId, period }) => ({
          value: invoiceId,
          label: [invoiceId, period].filter(Boolean).join(' · '),
        }))}
        value={typed.invoiceId}
        onChoose={(invoiceId) => onEdit({ invoiceId })}
      />
      <div className="grid gap-2 sm:grid-cols-2">
        <TextField
          label="Amount in EUR"
          inputMode="decimal"
          className="font-mono"
          required
          error={wrong}
          value={typed.amount}
          onChange={({ target }) => onEdit({ amount: target.value })}
        />
        <SelectField
          label="Reason"
          empty="Choose …"
          required
          choices={choicesOf(reasonCodeWords)}
          value={typed.reason}
          onChoose={(reason) => onEdit({ reason })}
        />
      </div>
    </>
  );
}

function amountError(
  { amount }: Typed,
  invoice: Invoice | undefined,
  isChecked: boolean,
): string | undefined {
  const cents = parseCents(amount);
  if (cents === undefined) {
    return amount !== '' || isChecked ? 'Type an amount such as 12.50.' : undefined;
  }
  const seen = seenOf(invoice);
  if (!seen || cents <= leftOf(seen)) return undefined;
  const { number, unit } = amountOf(leftOf(seen));
  return `Only ${number} ${unit} of this invoice ${leftOf(seen) === 0 ? 'is' : 'are'} left to refund.`;
}

function bodyOf(
  { invoiceId, amount, reason }: Typed,
  invoice: Invoice | undefined,
): RefundBody | undefined {
  const amountCents = parseCents(amount);
  if (!invoiceId || amountCents === undefined || !reason) return undefined;
  const seen = seenOf(invoice);
  if (seen && amountCents > leftOf(seen)) return undefined;
  return { invoiceId, amountCents, reason, ...(seen ? { seen } : {}) };
}

function isOf(refund: RefundBody, { invoiceId, amount, reason }: Typed): boolean {
  return (
    refund.invoiceId === invoiceId &&
    refund.amountCents === parseCents(amount) &&
    refund.reason === reason
  );
}

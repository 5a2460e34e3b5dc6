import type { Interaction } from '@proofline/protocol';
import { useRef, useState } from 'react';
import type { DeliveryPreference } from '../../api/customer-record.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { choicesOf, SelectField } from '../../ui/field.tsx';
import { deliveryWords } from './account-card.tsx';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { ChangeFrame } from './change-frame.tsx';

/** How invoices reach the customer. */
export function DeliveryPreferenceForm({
  call,
  account,
  current,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly current: DeliveryPreference | undefined;
}) {
  const field = useRef<HTMLSelectElement>(null);
  const [chosen, setChosen] = useState<DeliveryPreference>();
  const change = useRecordChange(account);
  useShortcut('d', 'Change the delivery preference', () => field.current?.focus());
  const deliveryPreference = chosen ?? current;
  useUnsent(deliveryPreference !== current && !change.isSuccess);
  return (
    <ChangeFrame
      call={call}
      kind="delivery-preference"
      shortcut="d"
      attempt={change}
      doneText="The delivery preference is changed."
      onSubmit={() =>
        deliveryPreference &&
        change.mutate({ kind: 'delivery-preference', body: { deliveryPreference } })
      }
    >
      <SelectField
        ref={field}
        label="Invoices reach the customer"
        choices={choicesOf(deliveryWords)}
        {...(current ? {} : { empty: 'Choose …' })}
        required
        value={deliveryPreference}
        onChoose={(next) => {
          setChosen(next);
          change.reset();
        }}
      />
    </ChangeFrame>
  );
}

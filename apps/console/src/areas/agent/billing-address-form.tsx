import type { Interaction } from '@proofline/protocol';
import { useRef, useState } from 'react';
import type { BillingAddress, CustomerRecord } from '../../api/customer-record.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { TextField } from '../../ui/field.tsx';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { ChangeFrame } from './change-frame.tsx';

const labels = {
  street: 'Street and number',
  postalCode: 'Postal code',
  city: 'City',
  country: 'Country code',
} as const satisfies Record<keyof BillingAddress, string>;
const names = ['street', 'postalCode', 'city', 'country'] as const;
const maxLengths = { street: 120, postalCode: 12, city: 80, country: 2 } as const;

/** Where the invoices are addressed to. */
export function BillingAddressForm({
  call,
  account,
  current,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly current: CustomerRecord['billingAddress'];
}) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<Partial<BillingAddress>>({});
  const change = useRecordChange(account);
  useShortcut('b', 'Change the billing address', () => field.current?.focus());
  const valueOf = (name: keyof BillingAddress) => typed[name] ?? current?.[name] ?? '';
  const isEdited = names.some((name) => valueOf(name) !== (current?.[name] ?? ''));
  useUnsent(isEdited && !change.isSuccess);
  const submit = () =>
    change.mutate({
      kind: 'billing-address',
      body: {
        street: valueOf('street').trim(),
        postalCode: valueOf('postalCode').trim(),
        city: valueOf('city').trim(),
        country: valueOf('country').trim(),
      },
    });
  return (
    <ChangeFrame
      call={call}
      kind="billing-address"
      shortcut="b"
      attempt={change}
      doneText="The billing address is changed."
      onSubmit={submit}
    >
      <div className="grid gap-2 sm:grid-cols-2">
        {names.map((name) => (
          <TextField
            key={name}
            {...(name === 'street' ? { ref: field } : {})}
            label={labels[name]}
            required
            {...(name === 'country' ? { pattern: '[A-Z]{2}' } : {})}
            maxLength={maxLengths[name]}
            value={valueOf(name)}
            onChange={({ target }) => {
              change.reset();
              setTyped({
                ...typed,
                [name]: name === 'country' ? target.value.toUpperCase() : target.value,
              });
            }}
          />
        ))}
      </div>
    </ChangeFrame>
  );
}

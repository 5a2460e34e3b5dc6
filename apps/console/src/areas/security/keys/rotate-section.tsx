import { rotateSigningKeys, type Realm } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { SelectField, TextField, type Choice } from '../../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/surface.tsx';

const realmChoices: readonly Choice<Realm>[] = [
  { value: 'workforce', label: 'Colleagues' },
  { value: 'customers', label: 'Customers' },
];

/** Replaces the signing key: in its time, or at once after a compromise. */
export function RotateSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [realm, setRealm] = useState<Realm>('workforce');
  const [compromised, setCompromised] = useState(false);
  const rotate = useRouteMutation(rotateSigningKeys, () => {
    setReason('');
    setCompromised(false);
    refreshSoon(queries, ['signing-keys.list']);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!rotate.isPending)
      rotate.mutate({ body: { realm, reason, because: compromised ? 'compromised' : 'asked' } });
  };
  return (
    <Section title="Replace the signing key">
      <form
        onSubmit={submit}
        onChange={() => rotate.isSuccess && rotate.reset()}
        className="flex flex-col gap-3"
      >
        <SelectField
          label="Of the issuer of"
          choices={realmChoices}
          value={realm}
          onChoose={(chosen = 'workforce') => setRealm(chosen)}
        />
        <TextField
          label="Why"
          hint="It stands in the evidence."
          required
          minLength={3}
          maxLength={200}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        <label className="flex items-center gap-2 text-sm text-text">
          <input
            type="checkbox"
            checked={compromised}
            onChange={({ target }) => setCompromised(target.checked)}
          />
          Somebody else may have the key
        </label>
        {compromised && (
          <Notice kind="warn" title="Everything that it signed is worth nothing at once.">
            Everybody’s console, and customers’ applications, ask for new tokens by themselves; what
            hangs on old ones is refused meanwhile.
          </Notice>
        )}
        {rotate.error && <ProblemNotice error={rotate.error} />}
        {rotate.data && <Notice kind="done" title="There is another key." />}
        <GuardedButton
          type="submit"
          variant={compromised ? 'danger' : 'primary'}
          pending={rotate.isPending}
          refusal={refusalOf(controlFor(self.capabilities, 'signing-key:rotate'))}
        >
          {compromised ? 'Replace it now, and refuse the old one' : 'Rotate now'}
        </GuardedButton>
        <p className="text-xs text-dim">
          The new key is published a minute before it signs, and the old one is good until its last
          token has expired: no request fails.
        </p>
      </form>
    </Section>
  );
}

import { connectDirectory } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { SelectField, TextField, type Choice } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { TokenShownOnce } from './token-shown-once.tsx';

const dayChoices: readonly Choice<string>[] = [
  { value: '90', label: '90 days' },
  { value: '30', label: '30 days' },
  { value: '7', label: 'A week' },
];

/** Connects a directory, and in the form’s place shows its token, this once. */
export function ConnectSection() {
  const self = useSelf();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const connect = useRouteMutation(connectDirectory, () => {
    setName('');
    refreshSoon(queries, ['provisioning.read']);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (connect.isPending) return;
    connect.mutate({ body: { name, days: Number(days) } });
  };
  return (
    <Section title="Connect a directory">
      {connect.data ? (
        <TokenShownOnce issued={connect.data} onDone={() => connect.reset()} />
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-3">
          <TextField
            label="Name"
            hint="As colleagues call it: Entra, Okta."
            required
            maxLength={60}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <SelectField
            label="Token good for"
            choices={dayChoices}
            value={days}
            onChoose={(chosen) => setDays(chosen ?? '90')}
          />
          {connect.error && <ProblemNotice error={connect.error} />}
          <GuardedButton
            type="submit"
            variant="primary"
            pending={connect.isPending}
            refusal={refusalOf(controlFor(self.capabilities, 'provisioning:connect'))}
          >
            Make the token
          </GuardedButton>
          <p className="text-xs text-dim">
            A directory makes people known and says that they have left. It gives nobody an account:
            HR invites, and a third person confirms. It can touch nobody’s authenticator.
          </p>
        </form>
      )}
    </Section>
  );
}

import type { Interaction } from '@proofline/protocol';
import { recordActKinds } from '../../api/record-acts.ts';
import { controlFor, isClosed } from '../../format/control-state.ts';
import { Section } from '../../ui/surface.tsx';
import type { OpenAccount } from './account-data.ts';
import { ActForm } from './act-form.tsx';
import { changeLabels } from './change-labels.ts';

/** What this matter and this role allow besides the changes above; nothing else is offered. */
export function MatterSection({
  call,
  account,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
}) {
  const kinds = recordActKinds.filter(
    (kind) => !isClosed(controlFor(call.capabilities, changeLabels[kind].action)),
  );
  if (kinds.length === 0) return null;
  return (
    <Section title="In this matter">
      <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-2">
        {kinds.map((kind) => (
          <ActForm key={kind} call={call} account={account} kind={kind} />
        ))}
      </div>
    </Section>
  );
}

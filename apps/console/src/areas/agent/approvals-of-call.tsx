import type { Interaction } from '@proofline/protocol';
import { recordChanges } from '../../api/record-acts.ts';
import { Section } from '../../ui/surface.tsx';
import type { OpenAccount } from './account-data.ts';
import { AskedFor } from './asked-for.tsx';
import { useAsked } from './asked-of-call.ts';

const withForm = new Set<string>(Object.values(recordChanges).map(({ action }) => action));

/** What a supervisor was asked from elsewhere: everything else stands where it was asked. */
export function ApprovalsOfCall({
  call,
  account,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
}) {
  const asked = useAsked(call).filter(({ content }) => !withForm.has(content.action));
  if (asked.length === 0) return null;
  return (
    <Section title="Approvals on this call">
      <ul className="flex flex-col gap-4">
        {asked.map((approval) => (
          <li key={approval.approvalId}>
            <AskedFor approval={approval} account={account} asked={asked} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

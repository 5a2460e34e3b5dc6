import type { Action, Interaction } from '@proofline/protocol';
import { recordActKinds, recordActs, type RecordActKind } from '../../api/record-acts.ts';
import { controlFor, isClosed } from '../../format/control-state.ts';
import { Section } from '../../ui/surface.tsx';
import type { OpenAccount } from './account-data.ts';
import { ActForm } from './act-form.tsx';
import { useAsked } from './asked-of-call.ts';

/** What this matter and this role allow besides the changes above; nothing else is offered. */
export function MatterSection({
  call,
  account,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
}) {
  const asked = new Set<Action>(useAsked(call).map(({ content }) => content.action));
  const isAskedFor = (some: readonly RecordActKind[]) =>
    some.some((kind) => asked.has(recordActs[kind].action));
  const kinds = recordActKinds.filter(
    (kind) => !isClosed(controlFor(call.capabilities, recordActs[kind].action)),
  );
  if (kinds.length === 0) return null;
  const seldom = kinds.filter((kind) => recordActs[kind].seldom);
  const forms = (some: readonly RecordActKind[]) => (
    <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-2">
      {some.map((kind) => (
        <ActForm key={kind} call={call} account={account} kind={kind} />
      ))}
    </div>
  );
  return (
    <Section title="In this matter">
      {forms(kinds.filter((kind) => !recordActs[kind].seldom))}
      {/* What waits for somebody, or was approved, is not to be looked for. */}
      {seldom.length > 0 && (
        <details className="mt-5 text-sm" open={isAskedFor(seldom)}>
          <summary className="w-fit text-dim hover:text-bright">
            Seldom needed: {seldom.length}
          </summary>
          <div className="mt-4">{forms(seldom)}</div>
        </details>
      )}
    </Section>
  );
}

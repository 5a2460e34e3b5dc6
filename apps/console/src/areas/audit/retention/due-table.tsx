import { retentionLabels, type readRetention } from '@proofline/protocol';
import type { z } from 'zod';

type Found = z.output<typeof readRetention.reply>;

const none = 'nothing is past it';

/** The policy in force, class by class, with what is past its time under it. */
export function DueTable({ found }: { readonly found: Found }) {
  const { due, policy, policyEvidenceId } = found;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <ul className="flex flex-col gap-2">
        {due.map(({ retention, months, before, entries, held, oldest }) => (
          <li key={retention}>
            <p className="font-medium text-bright">
              {retentionLabels[retention]}: {months} months
            </p>
            <p className="text-dim">
              Past it is what was recorded before {before}:{' '}
              {entries === 0 ? none : `fields of ${entries} entries`}.
              {oldest !== undefined && ` The oldest is of ${oldest}.`}
              {held > 0 && ` A hold keeps those of ${held}.`}
            </p>
          </li>
        ))}
      </ul>
      <p className="text-dim">
        Whole entries {policy.entries === null ? 'stay' : `stay for ${policy.entries} months`}. What
        is past its time goes {policy.automatic ? 'by itself, once an hour' : 'when somebody asks'}.{' '}
        {policyEvidenceId === undefined
          ? 'No policy was published: this is the default, six years.'
          : 'Two people published this policy, and it stands in the log.'}
      </p>
    </div>
  );
}

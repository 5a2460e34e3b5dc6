import type { readEvidence } from '@proofline/protocol';
import type { z } from 'zod';
import { PropertyList, Section } from '../../ui/surface.tsx';
import { factText, memberLabel } from './fact-text.ts';

type Group = z.output<typeof readEvidence.reply>['personal'][number];

/** The personal fields of an entry: in the log only as salted digests, kept apart and deleted on schedule. */
export function PersonalSection({ groups }: { readonly groups: readonly Group[] }) {
  if (groups.length === 0) return null;
  return (
    <Section
      title="Personal fields"
      aside={<span className="text-xs text-dim">Kept apart from the log</span>}
    >
      <div className="flex flex-col gap-4">
        {groups.map(({ pseudonym, name, retention, fields }) => (
          <PropertyList
            key={`${pseudonym} ${retention}`}
            items={[
              {
                label: 'About',
                value: name ?? <span className="font-mono text-xs break-all">{pseudonym}</span>,
              },
              { label: 'Kept as', value: retention },
              ...Object.entries(fields).map(([member, value]) => ({
                label: memberLabel(member),
                value: <span className="break-all">{factText(value)}</span>,
              })),
            ]}
          />
        ))}
      </div>
    </Section>
  );
}

import type { readEvidence } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { Section } from '../../ui/surface.tsx';

type Gone = z.output<typeof readEvidence.reply>['gone'];

/** What was erased of an entry and of its causes, in words, each with the entry of the log that says so. */
export function GoneSection({ gone }: { readonly gone: Gone }) {
  if (gone.fields.length + gone.causes.length === 0) return null;
  return (
    <Section title="Erased">
      <ul className="flex flex-col gap-2 text-sm">
        {gone.fields.map(({ pseudonym, retention, count, byEvidenceId, byIndex }) => (
          <li key={`${pseudonym} ${retention}`}>
            {count === 1 ? 'One personal field' : `${count} personal fields`} ({retention}) about{' '}
            <span className="font-mono text-xs break-all">{pseudonym}</span>: erased by{' '}
            <By evidenceId={byEvidenceId} index={byIndex} />.
          </li>
        ))}
        {gone.causes.map(({ evidenceId, index, byEvidenceId, byIndex }) => (
          <li key={evidenceId}>
            Its cause, entry #{index}: erased by <By evidenceId={byEvidenceId} index={byIndex} />.
          </li>
        ))}
      </ul>
    </Section>
  );
}

function By({ evidenceId, index }: { readonly evidenceId: string; readonly index: number }) {
  return (
    <Link
      to="/audit/$evidenceId"
      params={{ evidenceId }}
      className="underline decoration-line underline-offset-2 hover:decoration-accent"
    >
      entry #{index}
    </Link>
  );
}

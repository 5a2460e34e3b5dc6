import type { EvidenceRow } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { EffectBadge } from './effect-badge.tsx';
import { entryWords } from './entry-words.ts';
import { memberLabel } from './fact-text.ts';
import { KindIcon } from './kind-icon.tsx';

/** Who an entry is about, by role: names where the reader is entitled to them. */
export function Subjects({ row }: { readonly row: EvidenceRow }) {
  return (
    <span className="flex flex-wrap gap-x-3">
      {Object.entries(row.subjects).map(([role, { pseudonym, name }]) => (
        <span key={role}>
          <span className="text-dim">{memberLabel(role)} </span>
          {name ? (
            <span className="text-bright">{name}</span>
          ) : (
            <span className="font-mono text-xs">{pseudonym.slice(0, 12)}…</span>
          )}
        </span>
      ))}
    </span>
  );
}

/** The columns of the evidence search. */
export const evidenceColumns: Column<EvidenceRow>[] = [
  {
    id: 'entry',
    header: 'Entry',
    cell: (original) => (
      <Link
        to="/audit/$evidenceId"
        params={{ evidenceId: original.evidenceId }}
        aria-label={`Entry ${original.index ?? 'not yet numbered'}: ${entryWords(original)}`}
        className="font-mono text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
      >
        {original.index === undefined ? 'pending' : `#${original.index}`}
      </Link>
    ),
  },
  { id: 'at', header: 'Time', cell: (row) => <Moment at={row.at} /> },
  {
    id: 'what',
    header: 'What happened',
    cell: (original) => (
      <span className="flex min-w-56 items-start gap-x-2">
        <KindIcon kind={original.kind} />
        <span className="flex flex-wrap items-start gap-x-2">
          <span className="text-bright">{entryWords(original)}</span>
          <EffectBadge facts={original.facts} />
        </span>
      </span>
    ),
  },
  { id: 'who', header: 'Who', cell: (row) => <Subjects row={row} /> },
  {
    id: 'kind',
    header: 'Kind',
    cell: (row) => <span className="font-mono text-xs">{row.kind}</span>,
  },
];

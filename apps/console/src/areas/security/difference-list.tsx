import type { PolicyChange, PolicyDifferences } from '@proofline/protocol';
import { Moment } from '../../ui/time-text.tsx';

const supposed: Readonly<Record<PolicyChange, string>> = {
  stopped: 'would have been stopped',
  permitted: 'would have been permitted',
  otherwise: 'same answer, other policies',
};
const happened: Readonly<Record<PolicyChange, string>> = {
  stopped: 'stopped by it',
  permitted: 'permitted by it',
  otherwise: 'same answer, other policies',
};

/**
 * Where a candidate differs, by policy, and some of the decisions. `isDone`: it decided them; `isWhole`:
 * no more decisions come to it.
 */
export function DifferenceList({
  found,
  isDone = false,
  isWhole = false,
}: {
  readonly found: PolicyDifferences;
  readonly isDone?: boolean;
  readonly isWhole?: boolean;
}) {
  const changes = isDone ? happened : supposed;
  return (
    <>
      {found.byPolicy.length === 0 && (
        <p className="text-dim">{isWhole ? 'Nobody gets another answer.' : 'Nothing so far.'}</p>
      )}
      <ul>
        {found.byPolicy.map(({ name, change, count }) => (
          <li key={`${name} ${change}`}>
            <span className="font-mono text-xs text-bright">{name}</span>: {count} {changes[change]}
          </li>
        ))}
      </ul>
      <ul>
        {found.samples.map((one) => (
          <li key={one.decisionId} className="flex flex-wrap gap-x-3">
            <Moment at={one.decidedAt} />
            <span className="text-bright">{one.subject.name ?? one.subject.id}</span>
            <span>{one.action}</span>
            <span>{changes[one.change]}</span>
            <span className="font-mono text-xs text-dim">{one.candidatePolicies.join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

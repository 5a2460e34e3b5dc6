import { diffPolicies } from '@proofline/protocol';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/surface.tsx';

const words = { added: 'New', removed: 'Gone', changed: 'Changed' } as const;

const invariantWords = {
  added: 'New invariant',
  removed: 'DROPPED invariant',
  changed: 'DROPPED invariant, held otherwise',
  reworded: 'Reworded invariant',
} as const;

/** What a set would change about the policies in force. */
export function PolicyDiffSection({ setId }: { readonly setId: string }) {
  const diff = useRouteQuery(diffPolicies, { query: { from: 'live', to: setId } });
  return (
    <Section title="What differs from the release in force">
      {diff.isPending && <Loading what="the difference" />}
      {diff.error && <ProblemNotice error={diff.error} />}
      {diff.data && (
        <div className="flex flex-col gap-2 text-sm">
          {diff.data.schemaChanged && <p>The schema differs.</p>}
          <ul className="flex flex-col gap-2">
            {diff.data.policies.map(({ id, change, from, to }) => (
              <li key={id}>
                <p>
                  <strong className="text-bright">{words[change]}</strong>{' '}
                  <span className="font-mono text-xs">{id}</span>
                </p>
                {from !== undefined && <Text label={`${id} in force`} text={from} />}
                {to !== undefined && <Text label={`${id} proposed`} text={to} />}
              </li>
            ))}
          </ul>
          {diff.data.invariants.map(({ name, change, from, to }) => (
            <p key={name}>
              <strong className="text-bright">{invariantWords[change]}</strong>{' '}
              <span className="font-mono text-xs">{name}</span>: {from}
              {from !== undefined && to !== undefined && ' → '}
              {to}
            </p>
          ))}
          {diff.data.cases.map(({ name, change }) => (
            <p key={name}>
              {words[change]} case <span className="font-mono text-xs">{name}</span>
            </p>
          ))}
          {diff.data.policies.length + diff.data.cases.length === 0 && <p>No policy differs.</p>}
        </div>
      )}
    </Section>
  );
}

function Text({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      className="mt-1 overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs text-text"
    >
      {text}
    </pre>
  );
}

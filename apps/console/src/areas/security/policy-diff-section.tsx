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
                {from !== undefined && <Text word="In force" id={id} text={from} />}
                {to !== undefined && <Text word="Proposed" id={id} text={to} />}
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

function Text(props: { readonly word: string; readonly id: string; readonly text: string }) {
  const { word, id, text } = props;
  return (
    <div className="mt-1">
      <p className="label-mono text-dim">{word}</p>
      <pre
        tabIndex={0}
        aria-label={`${id}, ${word.toLowerCase()}`}
        className="mt-0.5 overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs text-text"
      >
        {text}
      </pre>
    </div>
  );
}

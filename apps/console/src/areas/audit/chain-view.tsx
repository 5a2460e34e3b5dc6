import type { EvidenceRow } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { classNames } from '../../ui/class-names.ts';
import { Moment } from '../../ui/time-text.tsx';
import { chainTree, type ChainNode, type Relation } from './chain-tree.ts';
import { EffectBadge } from './effect-badge.tsx';
import { entryWords } from './entry-words.ts';
import { Subjects } from './evidence-columns.tsx';
import { KindIcon } from './kind-icon.tsx';

const relationWords: Readonly<Record<Relation, string>> = {
  cause: 'led here',
  self: 'this entry',
  consequence: 'followed',
  beside: '',
};

/** A chain, each entry under its latest cause: read from the top, it is the story. */
export function ChainView({
  rows,
  focusId,
}: {
  readonly rows: readonly EvidenceRow[];
  readonly focusId: string;
}) {
  return <Branch nodes={chainTree(rows, focusId)} isRoot />;
}

function Branch({
  nodes,
  isRoot = false,
}: {
  readonly nodes: readonly ChainNode[];
  readonly isRoot?: boolean;
}) {
  if (nodes.length === 0) return null;
  return (
    <ul
      className={classNames(
        'flex flex-col gap-1',
        !isRoot && 'mt-1 ml-1.5 border-l border-edge pl-2.5 sm:ml-2 sm:pl-4',
      )}
    >
      {nodes.map((node) => (
        <li key={node.row.evidenceId}>
          <Entry node={node} />
          <Branch nodes={node.consequences} />
        </li>
      ))}
    </ul>
  );
}

/** Within a line: only its first letter grows small; a name in it keeps its own. */
function inSentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function Entry({ node: { row, relation, otherCauses } }: { readonly node: ChainNode }) {
  const isSelf = relation === 'self';
  return (
    <div
      aria-current={isSelf ? 'true' : undefined}
      className={classNames(
        'rounded-md px-2 py-1 text-sm',
        isSelf ? 'bg-accent-ground' : 'hover:bg-raised',
      )}
    >
      <div className="flex items-start gap-2">
        <KindIcon kind={row.kind} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-baseline gap-x-2.5">
            <Link
              to="/audit/$evidenceId"
              params={{ evidenceId: row.evidenceId }}
              className="text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
            >
              {entryWords(row)}
            </Link>
            <EffectBadge facts={row.facts} />
            <span className="text-xs">
              <Moment at={row.at} withDay={false} />
            </span>
            <span className="font-mono text-xs text-dim">
              {row.index === undefined ? 'pending' : `#${row.index}`}
            </span>
            {relationWords[relation] && (
              <span className={classNames('label-mono', isSelf ? 'text-accent' : 'text-dim')}>
                {relationWords[relation]}
              </span>
            )}
          </p>
          <p className="text-xs">
            <Subjects row={row} />
          </p>
          {otherCauses.length > 0 && (
            <p className="text-xs text-dim">
              also because of{' '}
              {otherCauses.map((cause, index) => (
                <span key={cause.evidenceId}>
                  {index > 0 && ', '}
                  <Link
                    to="/audit/$evidenceId"
                    params={{ evidenceId: cause.evidenceId }}
                    className="underline decoration-line underline-offset-2"
                  >
                    {cause.index === undefined ? 'pending' : `#${cause.index}`}{' '}
                    {inSentence(entryWords(cause))}
                  </Link>
                </span>
              ))}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

import type { Interaction } from '@proofline/protocol';
import { Check, KeyRound, Lock } from 'lucide-react';
import { EmptyState, Section } from '../../ui/surface.tsx';
import { openingGroups, type OpeningGroup } from './opening-groups.ts';

/** What the present proof opens, action by action, and what each of the others lacks. */
export function OpensSection({ call }: { readonly call: Interaction }) {
  const open = call.capabilities.filter(({ allowed }) => allowed).length;
  return (
    <Section
      title="What this opens now"
      aside={
        call.capabilities.length > 0 && (
          <span className="text-xs text-dim">
            <span className="text-bright">{open}</span> of {call.capabilities.length}
          </span>
        )
      }
    >
      {call.capabilities.length === 0 ? (
        <EmptyState title="Nothing is open.">
          {call.state === 'ended'
            ? 'The call is over.'
            : 'The caller must prove who they are first.'}
        </EmptyState>
      ) : (
        <Groups groups={openingGroups(call.capabilities)} />
      )}
    </Section>
  );
}

/** What is open or can be opened first; what nothing opens on this call is folded away. */
function Groups({ groups }: { readonly groups: readonly OpeningGroup[] }) {
  const [near, closed] = [false, true].map((isClosed) =>
    groups.filter((group) => group.isClosed === isClosed),
  );
  const list = (some: readonly OpeningGroup[] = []) => (
    <ul className="flex flex-col gap-3">
      {some.map((group) => (
        <Group key={`${group.kind} ${group.why}`} group={group} />
      ))}
    </ul>
  );
  const count = closed?.reduce((sum, { labels }) => sum + labels.length, 0) ?? 0;
  return (
    <div className="flex flex-col gap-3">
      {list(near)}
      {count > 0 && (
        <details className="text-sm">
          <summary className="w-fit text-dim hover:text-bright">
            Closed on this call: {count}
          </summary>
          <div className="mt-2">{list(closed)}</div>
        </details>
      )}
    </div>
  );
}

const looks = {
  open: { icon: Check, word: 'Open', className: 'text-accent' },
  'open-with': { icon: KeyRound, word: 'Open with a step', className: 'text-bright' },
  refused: { icon: Lock, word: 'Closed', className: 'text-dim' },
} as const;

function Group({ group: { kind, labels, why } }: { readonly group: OpeningGroup }) {
  const { icon: Icon, word, className } = looks[kind];
  return (
    <li className="text-sm">
      <ul className="flex flex-col gap-1">
        {rowsOf(kind, labels).map((label) => (
          <li key={label} className="flex items-start gap-2">
            <Icon aria-hidden size={15} className={`mt-0.5 shrink-0 ${className}`} />
            <span className={`flex-1 ${kind === 'refused' ? 'text-text' : 'text-bright'}`}>
              {label}
            </span>
            <span className={`label-mono pt-0.5 ${className}`}>{word}</span>
          </li>
        ))}
      </ul>
      {why && <p className="mt-1 ml-[1.4375rem] text-xs text-dim">{why}</p>}
    </li>
  );
}

/** What is open is looked for by its name; what is closed is only counted up. */
function rowsOf(kind: OpeningGroup['kind'], labels: readonly string[]): readonly string[] {
  return kind === 'refused' ? [labels.join(' · ')] : labels;
}

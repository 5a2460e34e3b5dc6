import type { DroppedPromises, Dropping } from '@proofline/protocol';
import { useId } from 'react';
import { Notice } from '../../ui/notice.tsx';

/** What somebody names who has seen what a candidate drops. */
export function droppingOf({ cases, invariants }: DroppedPromises): Dropping {
  return { cases: cases.count, invariants: invariants.length };
}

/** Whether a candidate keeps every promise of the release in force. */
export function dropsNothing({ cases, invariants }: DroppedPromises): boolean {
  return cases.count === 0 && invariants.length === 0;
}

/** What the release in force promises and a candidate does not, and that somebody has seen it. */
export function DroppedPromisesNotice({
  drops: { cases, invariants },
  isSeen,
  onSeen,
}: {
  readonly drops: DroppedPromises;
  readonly isSeen: boolean;
  /** Absent where nothing is put in force. */
  readonly onSeen?: (isSeen: boolean) => void;
}) {
  const id = useId();
  const counts = [
    ...(invariants.length > 0 ? [counted(invariants.length, 'invariant')] : []),
    ...(cases.count > 0 ? [counted(cases.count, 'named case')] : []),
  ].join(' and ');
  return (
    <Notice kind="warn" title={`Drops ${counts} of the release in force`}>
      <ul className="list-disc pl-4">
        {invariants.map(({ name, says }) => (
          <li key={name}>
            <strong>No longer held:</strong> {says}
          </li>
        ))}
      </ul>
      {cases.count > 0 && (
        <details>
          <summary>Cases that are gone or expect otherwise</summary>
          <ul className="list-disc pl-4 font-mono text-xs">
            {cases.names.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
          {cases.count > cases.names.length && <p>and {cases.count - cases.names.length} more</p>}
        </details>
      )}
      {onSeen && (
        <label htmlFor={id} className="mt-1 flex items-center gap-2">
          <input
            id={id}
            type="checkbox"
            checked={isSeen}
            onChange={({ target }) => onSeen(target.checked)}
          />
          I have read what is dropped: {counts}.
        </label>
      )}
    </Notice>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

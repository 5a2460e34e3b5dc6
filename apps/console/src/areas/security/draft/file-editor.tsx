import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextAreaField } from '../../../ui/field.tsx';
import { changesOf, kindOf, restoreFile, SCHEMA, textOf, writeFile, type Draft } from './draft.ts';
import { offsetOf } from './draft-body.ts';
import { diffLines, type DiffLine } from './diff-lines.ts';

const route = getRouteApi('/app/security/policies');
const labels = {
  schema: 'Cedar schema',
  policies: 'Cedar',
  case: 'Named case, as JSON',
  invariant: 'Invariant, as JSON',
} as const;

/** One file of the draft: its text, what differs, and the way back. */
export function FileEditor({
  draft,
  path,
  onChange,
}: {
  readonly draft: Draft;
  readonly path: string;
  readonly onChange: (next: Draft) => void;
}) {
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const area = useRef<HTMLTextAreaElement>(null);
  const [place, setPlace] = useState('');
  const text = textOf(draft, path);
  const change = changesOf(draft).find((one) => one.path === path);
  useEffect(() => {
    const { current } = area;
    if (at === undefined || current === null) return;
    const [line = 1, column = 1] = at.split(':').map(Number);
    const offset = offsetOf(current.value, line, column);
    current.focus();
    current.setSelectionRange(offset, offset);
    setPlace(placeOf(current));
    // A textarea shows its cursor only where it scrolls to it by itself.
    const perLine = current.scrollHeight / current.value.split('\n').length;
    current.scrollTop = Math.max(0, (line - 5) * perLine);
  }, [at]);
  const kind = kindOf(path);
  if (kind === undefined) return <p className="text-sm text-danger">There can be no such file.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {text === undefined ? (
        <p className="text-sm text-text">
          {change?.change === 'removed'
            ? 'This file goes with the proposal.'
            : 'There is no such file.'}
        </p>
      ) : (
        <TextAreaField
          ref={area}
          label={labels[kind]}
          hint={place || 'Line and column of the cursor stand here.'}
          rows={18}
          spellCheck={false}
          autoCapitalize="off"
          className="font-mono text-xs"
          value={text}
          onChange={({ target }) => {
            onChange(writeFile(draft, path, target.value));
            // The place was that of another text; the same fault can lead here again.
            if (at !== undefined) {
              void navigate({ search: (now) => ({ ...now, at: undefined }), replace: true });
            }
          }}
          onSelect={({ currentTarget }) => setPlace(placeOf(currentTarget))}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {change && (
          <Button onClick={() => onChange(restoreFile(draft, path))}>
            {change.change === 'added' ? 'Do not add this file' : 'Leave this file as it was'}
          </Button>
        )}
        {text !== undefined && path !== SCHEMA && change?.change !== 'added' && (
          <Button variant="danger" onClick={() => onChange(writeFile(draft, path, undefined))}>
            Remove this file
          </Button>
        )}
      </div>
      {change && <Difference path={path} lines={diffLines(change.before, change.after)} />}
    </div>
  );
}

function placeOf({ value, selectionStart }: HTMLTextAreaElement): string {
  const before = value.slice(0, selectionStart).split('\n');
  return `Line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

const looks = {
  '+': 'bg-accent-ground text-accent',
  '-': 'bg-danger-ground text-danger',
  ' ': 'text-dim',
} as const;

/** What differs, line by line. The marks say it; the colours only repeat them. */
function Difference({
  path,
  lines,
}: {
  readonly path: string;
  readonly lines: readonly DiffLine[];
}) {
  return (
    <div>
      <h3 className="label-mono text-dim">What differs</h3>
      <pre
        tabIndex={0}
        aria-label={`What differs in ${path}`}
        className="mt-1 max-h-80 overflow-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs"
      >
        {lines.map(({ mark, text }, index) => (
          // Lines repeat; their place is what they are known by.
          // eslint-disable-next-line react/no-array-index-key
          <span key={index} className={`block ${looks[mark]}`}>
            {mark} {text}
          </span>
        ))}
      </pre>
    </div>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { jumpTargets, type JumpTarget } from './jump-targets.ts';
import { useSelf } from './self-context.tsx';
import { useShortcut } from './shortcuts.tsx';

/** Ctrl/⌘+K: go to any page by typing; an id goes to its evidence. */
export function JumpMenu({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  useShortcut('mod+k', 'Jump to a page', () => onOpenChange(true));
  return (
    <Dialog
      open={open}
      onClose={() => onOpenChange(false)}
      title="Jump to"
      hasTitleHidden
      width="max-w-xl"
    >
      <JumpList onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function JumpList({ onDone }: { readonly onDone: () => void }) {
  const self = useSelf();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const targets = jumpTargets(text, self);
  const go = (target: JumpTarget | undefined) => {
    if (!target || target.refusal) return;
    onDone();
    void navigate(target.go);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((before) => (before + step + targets.length) % Math.max(1, targets.length));
    else if (event.key === 'Enter') go(targets[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-label="Page or id"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={targets[at] ? `${listId}-${at}` : undefined}
        placeholder="Page or id"
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="w-full border-b border-line bg-surface px-4 py-3 text-bright outline-none placeholder:text-dim"
      />
      <div id={listId} role="listbox" aria-label="Pages" className="flex flex-col p-1.5">
        {targets.map((target, index) => (
          <button
            type="button"
            tabIndex={-1}
            key={target.label}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            aria-disabled={target.refusal ? true : undefined}
            onClick={() => go(target)}
            className={classNames(
              'flex flex-wrap items-center gap-x-2 rounded-md text-left px-2.5 py-1.5 text-sm',
              index === at && 'bg-accent-ground',
              target.refusal ? 'text-dim' : 'cursor-pointer text-bright',
            )}
          >
            {target.refusal ? (
              <Lock aria-hidden size={14} />
            ) : (
              <target.icon aria-hidden size={14} />
            )}
            {target.label}
            {target.refusal && <span className="text-xs">{target.refusal.reason}</span>}
          </button>
        ))}
        {targets.length === 0 && (
          <p className="px-2.5 py-3 text-sm text-dim">Nothing of that name.</p>
        )}
      </div>
    </>
  );
}

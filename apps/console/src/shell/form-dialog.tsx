import { useState, type ComponentProps } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { HeldByDialog, LeaveQuestion, TYPED } from './unsent-work.tsx';

/** A dialog with a form: it asks, as the page does, before what was typed in it is closed away. */
export function FormDialog({
  children,
  onClose,
  ...dialog
}: Pick<ComponentProps<typeof Dialog>, 'children' | 'description' | 'onClose' | 'title'>) {
  const [held] = useState(() => new Set<string>());
  const [isAsked, setIsAsked] = useState(false);
  const close = () => (held.size > 0 ? setIsAsked(true) : onClose());
  return (
    <HeldByDialog value={held}>
      <Dialog {...dialog} open onClose={close}>
        {children}
        {isAsked && (
          <LeaveQuestion what={TYPED} onStay={() => setIsAsked(false)} onLeave={onClose} />
        )}
      </Dialog>
    </HeldByDialog>
  );
}

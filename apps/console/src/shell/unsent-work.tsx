import { useBlocker } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useApi } from './api-context.tsx';

/** What would be lost, and how it is asked about. */
export interface Held {
  readonly title: string;
  readonly description: string;
  /** It stands nowhere else and cannot be typed again: not even a call takes it off the screen. */
  readonly isShownOnce?: true;
}

/** What is asked of a form. */
export const TYPED: Held = {
  title: 'Leave without saving?',
  description: 'What you typed here was not sent. If you go, it is lost.',
};

/** By what of the page it is held. */
const held = new Map<string, Held>();

/** What a dialog around the form holds of it: that one may be closed while the page stays. */
export const HeldByDialog = createContext<Set<string> | undefined>(undefined);

/** Says, while it is so, that a part of the page holds what would be lost with it. */
export function useUnsent(isHeld: boolean, what = TYPED): void {
  const place = useId();
  const ofDialog = useContext(HeldByDialog);
  useEffect(() => {
    if (!isHeld) return undefined;
    held.set(place, what);
    ofDialog?.add(place);
    return () => {
      held.delete(place);
      ofDialog?.delete(place);
    };
  }, [place, isHeld, ofDialog, what]);
}

/** Whether something on the screen was shown this once. */
export function holdsShownOnce(): boolean {
  return [...held.values()].some(({ isShownOnce }) => isShownOnce);
}

/**
 * Asks before a half-filled form is left, by a link, the Back button, or the tab itself. A call that begins
 * to ring opens without being asked about; and while the screen is locked, nothing is asked.
 */
export function LeaveGuard() {
  const { lock } = useApi();
  const [what, setWhat] = useState(TYPED);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const [first] = held.values();
      // Within the page, filters and lists may change: the form stays.
      if (first === undefined || current.pathname === next.pathname) return false;
      setWhat(first);
      return true;
    },
    enableBeforeUnload: () => held.size > 0 && !lock.isLocked.get(),
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return <LeaveQuestion what={what} onStay={blocker.reset} onLeave={blocker.proceed} />;
}

/** Whether what was typed is left. */
export function LeaveQuestion({
  what,
  onStay,
  onLeave,
}: {
  readonly what: Held;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}) {
  return (
    <Dialog open onClose={onStay} title={what.title} description={what.description}>
      <div className="flex flex-wrap gap-2 px-4 pb-4">
        <Button variant="primary" onClick={onStay}>
          Stay here
        </Button>
        <Button variant="danger" onClick={onLeave}>
          Leave
        </Button>
      </div>
    </Dialog>
  );
}

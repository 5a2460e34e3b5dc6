import { useBlocker } from '@tanstack/react-router';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { hasContent, type Draft } from './draft.ts';

/** Asks before somebody leaves the page with what they have not proposed; nothing is lost unasked. */
export function LeaveDialog({
  draft,
  onDiscard,
}: {
  readonly draft: Draft | undefined;
  readonly onDiscard: () => void;
}) {
  const isUnsent = draft !== undefined && hasContent(draft);
  const blocker = useBlocker({
    // Within the page every file, and every step back, keeps the draft.
    shouldBlockFn: ({ current, next }) => isUnsent && current.pathname !== next.pathname,
    enableBeforeUnload: () => isUnsent,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      open
      onClose={blocker.reset}
      title="Your draft is not proposed"
      description="It waits on the page of policies until you sign out or close this tab."
    >
      <div className="flex flex-wrap gap-2 px-4 pb-4">
        <Button variant="primary" onClick={blocker.reset}>
          Stay here
        </Button>
        <Button onClick={blocker.proceed}>Go, and keep the draft</Button>
        <Button
          variant="danger"
          onClick={() => {
            onDiscard();
            blocker.proceed();
          }}
        >
          Go, and discard it
        </Button>
      </div>
    </Dialog>
  );
}

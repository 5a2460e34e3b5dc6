import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNotice } from './notice.tsx';

/** Asks once more before something that cannot be undone. Enter on the way in does nothing yet. */
export function ConfirmDialog({
  title,
  description,
  act,
  keep,
  running,
  onAct,
  onClose,
}: {
  readonly title: string;
  readonly description: string;
  /** What the two buttons say. */
  readonly act: string;
  readonly keep: string;
  readonly running: { readonly error: unknown; readonly isPending: boolean };
  readonly onAct: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        {running.error !== null && <ProblemNotice error={running.error} />}
        <div className="flex flex-wrap gap-2">
          <Button onClick={onClose}>{keep}</Button>
          <Button variant="danger" pending={running.isPending} onClick={onAct}>
            {act}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

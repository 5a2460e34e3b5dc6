import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';

/** An act that one person does at once and for everybody: it takes a reason, and nothing else. */
export function ReasonDialog({
  title,
  description,
  act,
  running,
  onAct,
  onClose,
}: {
  readonly title: string;
  readonly description: string;
  /** What the button says. */
  readonly act: string;
  readonly running: { readonly error: unknown; readonly isPending: boolean };
  readonly onAct: (reason: string) => void;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form
        className="flex flex-col gap-3 px-4 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          onAct(reason);
        }}
      >
        <TextField
          label="Reason"
          required
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {running.error !== null && <ProblemNotice error={running.error} />}
        <Button type="submit" variant="danger" pending={running.isPending}>
          {act}
        </Button>
      </form>
    </Dialog>
  );
}

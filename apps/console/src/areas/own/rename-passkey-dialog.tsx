import type { OwnAuthenticator } from '@proofline/protocol';
import { useState, type FormEvent } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { confirmOwnAct } from './own-acts.ts';
import { useOwnStep } from './use-own-act.ts';

/** Another name, confirmed like every other change: a name is what one goes by when one removes. */
export function RenamePasskeyDialog({
  passkey,
  onClose,
}: {
  readonly passkey: OwnAuthenticator;
  readonly onClose: () => void;
}) {
  const [label, setLabel] = useState(passkey.label);
  const { authenticatorId } = passkey;
  const rename = useOwnStep(
    (api, name: string) => confirmOwnAct(api, { kind: 'rename', authenticatorId, label: name }),
    onClose,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.run(label.trim());
  };
  return (
    <Dialog open onClose={onClose} title={`Rename “${passkey.label}”`}>
      <form onSubmit={submit} className="flex flex-col gap-3 px-4 pb-4">
        <TextField
          autoFocus
          label="New name"
          required
          maxLength={60}
          value={label}
          onChange={({ target }) => setLabel(target.value)}
        />
        {rename.error && <ProblemNotice error={rename.error} />}
        <Button type="submit" variant="primary" pending={rename.isPending}>
          Confirm with a passkey that you have
        </Button>
      </form>
    </Dialog>
  );
}

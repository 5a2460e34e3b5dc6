import { exportEvidence } from '@proofline/protocol';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { useApi } from '../../shell/api-context.tsx';
import { useSelf } from '../../shell/self-context.tsx';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { Button, GuardedButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { saveFile } from './save-file.ts';

/** The chain of an id as one file. Taking it is logged with its purpose. */
export function ExportDialog({ id }: { readonly id: string }) {
  const self = useSelf();
  const [isOpen, setOpen] = useState(false);
  const refusal = refusalOf(controlFor(self.capabilities, 'evidence:export'));
  useShortcut('x', 'Export this chain', () => setOpen(!refusal));
  return (
    <>
      <GuardedButton
        refusal={refusal}
        show="tooltip"
        icon={<Download aria-hidden size={14} />}
        onClick={() => setOpen(true)}
      >
        Export <KeyHint keys="x" />
      </GuardedButton>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title="Export the chain"
        description={<span className="font-mono text-xs break-all">{id}</span>}
      >
        <ExportForm id={id} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ExportForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const api = useApi();
  const [purpose, setPurpose] = useState('');
  const save = useMutation({
    mutationFn: async () => {
      const file = await api.download(exportEvidence, { body: { id, purpose } });
      saveFile(file);
      return file.name;
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  };
  if (save.data) {
    return (
      <div className="flex flex-col gap-3 px-4 pb-4">
        <Notice
          kind="done"
          title={`${save.data} is saved.`}
          actions={<Button onClick={onDone}>Close</Button>}
        >
          <p>
            Anybody can verify it offline, in a clone of Proofline’s source on a machine that has
            never seen this server:
          </p>
          <pre className="mt-1.5 overflow-x-auto font-mono text-xs text-bright">
            npx proofline evidence verify {save.data}
          </pre>
        </Notice>
      </div>
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 px-4 pb-4">
      <TextAreaField
        label="What it is for"
        hint="It is written into the log together with your name. No personal data, please."
        required
        minLength={3}
        maxLength={500}
        value={purpose}
        onChange={({ target }) => setPurpose(target.value)}
      />
      {save.error && <ProblemNotice error={save.error} />}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" pending={save.isPending}>
          Export one file
        </Button>
        <Button variant="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

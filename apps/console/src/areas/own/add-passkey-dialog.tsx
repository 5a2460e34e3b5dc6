import type { CeremonyOptions, OwnAct } from '@proofline/protocol';
import { useState, type FormEvent } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { confirmOwnAct, registerOwn } from './own-acts.ts';
import { useOwnStep } from './use-own-act.ts';

/** Two steps: one that you have vouches, then the new one is made. */
export function AddPasskeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [label, setLabel] = useState('');
  const [registration, setRegistration] = useState<CeremonyOptions>();
  const vouch = useOwnStep((api, act: OwnAct) => confirmOwnAct(api, act), setRegistration);
  const register = useOwnStep(
    async (api, options: CeremonyOptions) => registerOwn(api, options),
    onClose,
  );
  // What vouched is good once and for minutes: whatever was refused begins anew.
  const isOver = isRefusal(register.error);
  const startAgain = () => {
    register.reset();
    setRegistration(undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    vouch.run({ kind: 'add', label: label.trim() });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a passkey"
      description="It takes two touches: first a passkey that you have, then the new one."
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        {registration === undefined ? (
          <form onSubmit={submit} className="flex flex-col gap-3">
            <TextField
              autoFocus
              label="What you will call it"
              hint="So that you know which to remove one day: “Key on my ring”, “Work phone”."
              required
              maxLength={60}
              value={label}
              onChange={({ target }) => setLabel(target.value)}
            />
            {vouch.error && <ProblemNotice error={vouch.error} />}
            <Button type="submit" variant="primary" pending={vouch.isPending}>
              Confirm with a passkey that you have
            </Button>
          </form>
        ) : (
          <>
            <Notice kind="done" title="Confirmed. Now the new one.">
              Plug it in or take it to hand. It must be another device than those that you have
              here.
            </Notice>
            {register.error && <ProblemNotice error={register.error} />}
            {isOver ? (
              <Button variant="primary" onClick={startAgain}>
                Start again
              </Button>
            ) : (
              <Button
                autoFocus
                variant="primary"
                pending={register.isPending}
                onClick={() => register.run(registration)}
              >
                Make the new passkey
              </Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

import type { OwnAct, OwnAuthenticator } from '@proofline/protocol';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { confirmOwnAct } from './own-acts.ts';
import { useOwnStep } from './use-own-act.ts';

/** Removes one for good, by the proof of another that stays. */
export function RemovePasskeyDialog({
  passkey,
  onClose,
}: {
  readonly passkey: OwnAuthenticator;
  readonly onClose: () => void;
}) {
  const { authenticatorId, label } = passkey;
  const remove = useOwnStep((api, act: OwnAct) => confirmOwnAct(api, act), onClose);
  return (
    <ConfirmDialog
      title={`Remove “${label}”?`}
      description="It never opens anything again, and whoever is signed in with it is signed out at once, also you, here. You confirm with another passkey of yours, one that stays."
      act="Remove it"
      keep="Keep it"
      running={remove}
      onAct={() => remove.run({ kind: 'remove', authenticatorId })}
      onClose={onClose}
    />
  );
}

import { cancelOwnRecovery, ownRecovery } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/time-text.tsx';
import { useRouteMutation, useRouteQuery } from './route-queries.ts';

/** Somebody recovers the account of whoever is signed in here: one tap ends it, on every page. */
export function RecoveryBanner() {
  const queries = useQueryClient();
  const own = useRouteQuery(ownRecovery, {});
  const cancel = useRouteMutation(cancelOwnRecovery, () => {
    void queries.invalidateQueries({ queryKey: [ownRecovery.id] });
  });
  const open = own.data?.open;
  if (!open) return null;
  return (
    <section aria-label="Recovery of your account" className="border-b border-warn bg-warn-ground">
      <p role="alert" className="flex flex-wrap items-center gap-2 px-3 py-2 text-sm lg:px-4">
        <KeyRound aria-hidden size={14} className="shrink-0 text-warn" />
        Somebody recovers your account, since <Moment at={open.startedAt} />.
        {open.readyAt && (
          <span>
            A new passkey could be made <Moment at={open.readyAt} />.
          </span>
        )}
        <Button pending={cancel.isPending} onClick={() => cancel.mutate({})}>
          It is not me: cancel it
        </Button>
        {cancel.error && <span className="text-danger">That did not work. Try again.</span>}
      </p>
    </section>
  );
}

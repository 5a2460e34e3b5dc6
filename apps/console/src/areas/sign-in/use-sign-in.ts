import {
  signInAssertion,
  signInCancel,
  type CredentialJson,
  type SignInPrompt,
} from '@proofline/protocol';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { assertPasskey } from '../../api/assert-passkey.ts';
import { openCall } from '../../api/open-call.ts';
import { isRefusal } from '../../api/refusal.ts';
import { ownMachine } from '../../shell/preferences.ts';
import { useOfferedPasskeys } from './use-offered-passkeys.ts';

/**
 * Where a passkey may be offered before anybody asked for one: a plain sign-in, and only in a browser in which
 * the last one to sign in was at a machine of their own. At any other desk nothing is kept that could be
 * offered, and nobody is shown whose passkeys there are. A yes to something is always a press of its own.
 */
function mayOffer({ kind, act, asks }: SignInPrompt): boolean {
  return kind === 'login' && act === undefined && asks === undefined && ownMachine.get();
}

/** A step-up is no page that anybody goes back to: it leaves nothing in the history of the tab. */
function goOn(redirectTo: string): void {
  window.location.replace(redirectTo);
}

/** The one ceremony of a sign-in page, by its button or by what its field offers, and the way out. */
export function useSignIn(uid: string, prompt: SignInPrompt) {
  // Refused by the server, and not only given up by the device.
  const [refusals, setRefusals] = useState(0);
  const prove = useMutation({
    onError: (error) => {
      if (isRefusal(error, 'ceremony.refused')) setRefusals((count) => count + 1);
    },
    mutationFn: async (picked: CredentialJson | undefined) => {
      await takeBack();
      const body = picked ?? (await assertPasskey(uid));
      const { redirectTo } = await openCall(signInAssertion, { params: { uid }, body });
      // Whose machine it is now is not known before the console has asked.
      if (prompt.kind === 'login') ownMachine.set(false);
      goOn(redirectTo);
    },
  });
  const cancel = useMutation({
    mutationFn: async () => {
      const { redirectTo } = await openCall(signInCancel, { params: { uid } });
      goOn(redirectTo);
    },
  });
  // A double click comes before the screen knows of the first: one ceremony at a time.
  const isProving = useRef(false);
  const proveOnce = (picked?: CredentialJson) => {
    if (isProving.current) return;
    isProving.current = true;
    prove.mutate(picked, { onError: () => (isProving.current = false) });
  };
  const { isOffered, takeBack } = useOfferedPasskeys({
    uid,
    mayOffer: mayOffer(prompt),
    isBusy: [prove, cancel].some((one) => one.isPending || one.isSuccess),
    onPicked: proveOnce,
  });
  return { prove, cancel, proveOnce, refusals, isOffered };
}

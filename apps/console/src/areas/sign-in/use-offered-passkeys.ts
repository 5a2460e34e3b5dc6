import type { CredentialJson } from '@proofline/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { PasskeyOffer } from '../../api/offer-passkeys.ts';
import { canOfferPasskeys, offerForSignIn } from '../../api/offered-passkey.ts';

interface Offering {
  readonly uid: string;
  /** Whether passkeys may be offered on this page at all. */
  readonly mayOffer: boolean;
  /** Whether something else is under way: one ceremony at a time. */
  readonly isBusy: boolean;
  readonly onPicked: (answer: CredentialJson) => void;
}

/** Offers the browser's passkeys in the page's field, while nothing else is under way. */
export function useOfferedPasskeys({ uid, mayOffer, isBusy, onPicked }: Offering) {
  const [isAble, setAble] = useState(false);
  const offer = useRef<PasskeyOffer>(undefined);
  const told = useRef(onPicked);
  useEffect(() => {
    told.current = onPicked;
  });
  useEffect(() => {
    if (mayOffer) void canOfferPasskeys().then(setAble);
  }, [mayOffer]);
  const isOffered = mayOffer && isAble;
  useEffect(() => {
    if (!isOffered || isBusy) return undefined;
    const current = offerForSignIn(uid, (answer) => told.current(answer));
    offer.current = current;
    return () => void current.end();
  }, [isOffered, isBusy, uid]);
  /** Before a dialog of the device opens. */
  const takeBack = useCallback(async () => offer.current?.end(), []);
  return { isOffered, takeBack };
}

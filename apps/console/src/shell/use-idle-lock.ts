import { systemClock } from '@proofline/kernel';
import { useEffect } from 'react';
import { useApi } from './api-context.tsx';

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 1_000;
/** Coarser, and somebody who writes a long note would count as away. */
const TELL_EVERY_MS = 60_000;

/**
 * Locks the screen when nobody has touched it for so long, in this tab or another. The server counts
 * requests, and somebody who writes a long note sends none: it is told now and then that they are there.
 */
export function useIdleLock(lockAfterSeconds: number | undefined, tellServer: () => void): void {
  const { lock, attendance } = useApi();
  useEffect(() => {
    if (lockAfterSeconds === undefined) return undefined;
    const lockAfterMs = lockAfterSeconds * 1000;
    const tellEveryMs = Math.min(lockAfterMs / 4, TELL_EVERY_MS);
    const tabs = new BroadcastChannel('proofline.touched');
    const tellTabs = atMostEvery(LOOK_EVERY_MS, () => {
      // A channel reaches this origin only, and takes no other argument.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      tabs.postMessage('touched');
    });
    const tell = atMostEvery(tellEveryMs, tellServer);
    const touched = () => {
      attendance.touched();
      tellTabs();
      tell();
    };
    const elsewhere = () => attendance.touched();
    const look = () => {
      // Whoever unlocks has touched it, on the screen that stands in the place of this one.
      if (lock.isLocked.get()) attendance.touched();
      else if (attendance.quietMs() >= lockAfterMs) lock.lock('idle');
    };
    tabs.addEventListener('message', elsewhere);
    for (const act of ACTS) window.addEventListener(act, touched, { capture: true, passive: true });
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    return () => {
      window.clearInterval(timer);
      for (const act of ACTS) window.removeEventListener(act, touched, { capture: true });
      tabs.close();
    };
  }, [lock, attendance, lockAfterSeconds, tellServer]);
}

function atMostEvery(everyMs: number, act: () => void): () => void {
  let lastMs = systemClock.now();
  return () => {
    if (systemClock.now() - lastMs < everyMs) return;
    lastMs = systemClock.now();
    act();
  };
}

import { systemClock } from '@proofline/kernel';
import { useEffect } from 'react';
import { useApi } from './api-context.tsx';

const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
const LOOK_EVERY_MS = 1_000;

/**
 * Locks the screen when nobody has touched it for so long, in this tab or another. The server counts
 * requests, and somebody who writes a long note sends none: it is told now and then that they are there.
 */
export function useIdleLock(lockAfterSeconds: number | undefined, tellServer: () => void): void {
  const { lock } = useApi();
  useEffect(() => {
    if (lockAfterSeconds === undefined) return undefined;
    const lockAfterMs = lockAfterSeconds * 1000;
    const tabs = new BroadcastChannel('proofline.touched');
    let touchedAtMs = systemClock.now();
    let toldTabsAtMs = touchedAtMs;
    let toldServerAtMs = touchedAtMs;
    const touched = () => {
      touchedAtMs = systemClock.now();
      if (touchedAtMs - toldTabsAtMs >= LOOK_EVERY_MS) {
        toldTabsAtMs = touchedAtMs;
        // A channel reaches this origin only, and takes no other argument.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        tabs.postMessage('touched');
      }
      if (touchedAtMs - toldServerAtMs >= lockAfterMs / 4) {
        toldServerAtMs = touchedAtMs;
        tellServer();
      }
    };
    const elsewhere = () => (touchedAtMs = systemClock.now());
    const look = () => {
      // Whoever unlocks has touched it, on the screen that stands in the place of this one.
      if (lock.isLocked.get()) touchedAtMs = systemClock.now();
      else if (systemClock.now() - touchedAtMs >= lockAfterMs) lock.lock('idle');
    };
    tabs.addEventListener('message', elsewhere);
    for (const act of ACTS) window.addEventListener(act, touched, { capture: true, passive: true });
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    return () => {
      window.clearInterval(timer);
      for (const act of ACTS) window.removeEventListener(act, touched, { capture: true });
      tabs.close();
    };
  }, [lock, lockAfterSeconds, tellServer]);
}

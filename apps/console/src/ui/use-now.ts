import { systemClock } from '@proofline/kernel';
import { useEffect, useState } from 'react';

/** The present moment (ms since the epoch), moving once a second; `active: false` stands still. */
export function useNow(active = true): number {
  const [nowMs, setNowMs] = useState(() => systemClock.now());
  useEffect(() => {
    if (!active) return undefined;
    const timer = window.setInterval(() => setNowMs(systemClock.now()), 1000);
    return () => window.clearInterval(timer);
  }, [active]);
  return nowMs;
}

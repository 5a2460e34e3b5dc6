import { systemClock } from '@proofline/kernel';
import type { Capability, Interaction } from '@proofline/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';

/** The shortest time after which one of these may not be permitted any more; seconds. */
export function shortestHold(capabilities: readonly Capability[]): number | undefined {
  const left = capabilities.flatMap(({ holdsForSeconds = [] }) => holdsForSeconds);
  return left.length > 0 ? Math.min(...left) : undefined;
}

/** Asks again when an age passes a limit that what is shown as open rests on: no event tells of time. */
export function useAskedInTime({
  data,
  dataUpdatedAt,
  refetch,
}: UseQueryResult<Interaction>): void {
  const seconds = data && data.state !== 'ended' ? shortestHold(data.capabilities) : undefined;
  const untilMs = seconds === undefined ? undefined : dataUpdatedAt + seconds * 1000;
  useEffect(() => {
    if (untilMs === undefined) return undefined;
    const wait = Math.max(1000, untilMs - systemClock.now());
    const timer = window.setTimeout(() => void refetch(), wait);
    return () => window.clearTimeout(timer);
  }, [untilMs, refetch]);
}

import type { RecoveryProgress } from '@proofline/protocol';
import { COLLECT_MS, hasProof, type Recovery } from './recovery.ts';
import type { WaitRule } from './wait-rule.ts';

type Shown = Omit<RecoveryProgress, 'matchingCode' | 'wait'>;

/**
 * What the browser that began may see. Before anything was proved it learns nothing: an account that
 * there is not, one whose owner cancelled at once and one that waits look the same (P9).
 */
export function shownProgress(
  recovery: Recovery,
  now: { readonly nowMs: number; readonly wait: WaitRule },
): Shown {
  const count = (as: 'contact' | 'officer') =>
    recovery.vouchers.filter((one) => one.as === as).length;
  return {
    state: shownState(recovery, now),
    startedAt: new Date(recovery.startedAtMs).toISOString(),
    expiresAt: new Date(recovery.expiresAtMs).toISOString(),
    ...(recovery.readyAtMs !== null && { readyAt: new Date(recovery.readyAtMs).toISOString() }),
    codeAccepted: recovery.codeGiven,
    contactsSigned: count('contact'),
    officersSigned: count('officer'),
  };
}

function shownState(
  recovery: Recovery,
  { nowMs, wait }: { readonly nowMs: number; readonly wait: WaitRule },
): Shown['state'] {
  if (!hasProof(recovery))
    return nowMs >= recovery.startedAtMs + COLLECT_MS ? 'expired' : 'collecting';
  const { readyAtMs, state, waitedMs } = recovery;
  if (state === 'superseded') return 'expired';
  if (state !== 'waiting') return state;
  if (nowMs >= recovery.expiresAtMs) return 'expired';
  const isReady = readyAtMs !== null && nowMs >= readyAtMs && waitedMs >= wait.waitSeconds * 1000;
  return isReady ? 'ready' : 'waiting';
}

import { newId } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { RecoveryProgress } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import { drawMatchingCode } from '../domain/matching-code.ts';
import { COLLECT_MS } from '../domain/recovery.ts';
import type { AskedRow } from '../store/asked-rows.ts';

/**
 * Writes down that somebody asks, and answers. Whether there is such an account is looked up afterwards
 * (`settle-asked.ts`), so that neither the answer nor its time tells (P9).
 */
export async function startRecovery(
  context: Context,
  askedFor: string,
): Promise<{ readonly progress: RecoveryProgress; readonly browserSecret: string }> {
  const browserSecret = newSecret(context);
  const { recoveries } = context.rows;
  const asked = await context.storage.transaction(async (tx) => {
    let matchingCode = drawMatchingCode(context.random);
    while (await recoveries.isCodeTaken(tx, matchingCode))
      matchingCode = drawMatchingCode(context.random);
    const row: AskedRow = {
      recoveryId: newId('rcv', context),
      askedFor,
      browser: sha256Base64url(browserSecret),
      matchingCode,
      askedAtMs: context.clock.now(),
    };
    await context.rows.asked.ask(tx, row);
    return row;
  });
  return { progress: askedProgress(context, asked), browserSecret };
}

/** What is shown until it was looked up: what is shown of an account that there is not. */
export function askedProgress(
  { wait }: Pick<Context, 'wait'>,
  { askedAtMs, matchingCode }: AskedRow,
): RecoveryProgress {
  return {
    state: 'collecting',
    matchingCode,
    startedAt: new Date(askedAtMs).toISOString(),
    expiresAt: new Date(askedAtMs + COLLECT_MS).toISOString(),
    codeAccepted: false,
    contactsSigned: 0,
    officersSigned: 0,
    wait: { seconds: wait.waitSeconds, isShortened: wait.isShortened },
  };
}

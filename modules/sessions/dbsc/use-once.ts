import type { Challenge } from './challenge.ts';
import type { DbscContext } from './context.ts';

/** Whether a genuine challenge is used for the first time: one of several at once is, in any process. */
export async function useOnce(
  { replayStore }: Pick<DbscContext, 'replayStore'>,
  challenge: Challenge,
): Promise<boolean> {
  const seen = await replayStore.remember(`dbsc ${challenge.text}`, challenge.expiresAtMs);
  return seen === 'fresh';
}

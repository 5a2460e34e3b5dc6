import { isUniqueViolation, type Db } from '@proofline/storage';
import type { Context } from './context.ts';
import type { ChangeEvent } from './types.ts';

/** Notes an event; it is told only after the commit, and only once. */
export type Tell = (event: ChangeEvent) => void;

/**
 * One serializable transaction, then the events of the attempt that committed.
 *
 * When a unique index stopped it, it runs once more: by then the other's row is there to be seen,
 * and the ordinary checks answer.
 */
export async function commit<T>(
  context: Context,
  work: (tx: Db, tell: Tell) => Promise<T>,
): Promise<T> {
  let events: ChangeEvent[] = [];
  const attempt = () =>
    context.storage.transaction((tx) => {
      events = [];
      return work(tx, (event) => events.push(event));
    });
  const result = await attempt().catch((error: unknown) => {
    if (isUniqueViolation(error)) return attempt();
    throw error;
  });
  for (const event of events) context.notify(event);
  return result;
}

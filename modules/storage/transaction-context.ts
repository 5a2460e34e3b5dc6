import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<{ open: boolean }>();

/** Runs the body of a transaction so that {@link isInTransaction} can tell. */
export async function withinTransaction<T>(work: () => Promise<T>): Promise<T> {
  const state = { open: true };
  try {
    return await context.run(state, work);
  } finally {
    state.open = false;
  }
}

/**
 * Whether the caller runs within an open transaction's body. Asking for a second connection there
 * is a mistake: on the embedded engine it waits for itself, on a server it escapes the transaction.
 */
export function isInTransaction(): boolean {
  return context.getStore()?.open === true;
}

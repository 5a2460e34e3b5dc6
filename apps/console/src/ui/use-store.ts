import { useSyncExternalStore } from 'react';
import type { Store } from '../api/store.ts';

/** Watches a {@link Store}. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

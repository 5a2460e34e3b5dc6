import type { KnownProgram } from './domain/known-program.ts';
import type { Use } from './domain/use.ts';

/** Which programs there are, for whoever must know it at each request. */
export interface ServiceDirectory {
  /** `undefined`: unknown, suspended or removed. */
  find(clientId: string): Promise<KnownProgram | undefined>;
  /** Whose key that is, a retired one too. What was once found is so for ever: a key never changes hands. */
  findByKey(kid: string): Promise<KnownProgram | undefined>;
  /** What this process knows of it is no longer so. */
  forget(clientId: string): void;
  /** False: it has had as many requests of this minute as it may. */
  spend(known: KnownProgram): boolean;
  /** Once a minute true, of each service and each reason: whoever tries without pause writes one entry. */
  isNews(clientId: string, because: string): boolean;
  /** Counted in memory, written down by {@link ServiceDirectory.flush}. */
  noteUse(clientId: string, of: { readonly kid?: string; readonly scope?: string }): void;
  /** Writes down what was used: of each service, in one row, at most once a minute. */
  flush(): Promise<void>;
  /** What is written down, and what this process has seen since. */
  usage(): Promise<ReadonlyMap<string, Use>>;
}

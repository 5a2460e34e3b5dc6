import type { ReplayStore } from '@proofline/enforce';
import type { SessionsContext } from '../context.ts';

/** What the binding of sessions works with. */
export interface DbscContext {
  readonly sessions: SessionsContext;
  /** Remembers used challenges, for all processes together. */
  readonly replayStore: ReplayStore;
  readonly boundCookieSeconds: number;
}

import type { HashChain } from './hash-chain.ts';

/** What an attacker has in hand. */
export type Holding =
  | 'an exported file'
  | 'the database'
  | 'the database and the log’s seed'
  | 'an old backup'
  | 'the witnessed past';

/** What whoever looks knows besides what they look at. */
export type Knowledge =
  | 'nothing'
  | 'the log’s key'
  | 'a kept checkpoint'
  | 'the witnesses’ keys'
  | 'the database’s own keys';

/** One attack on stored evidence: the corpus is a list of these. */
export interface Attack {
  /** What is changed, as a sentence without its full stop. */
  readonly does: string;
  readonly holds: Holding;
  /** The least that it takes to notice it. */
  readonly knows: Knowledge;
  /** Exactly what is said: `index code`, where there is an index; `- code`, where there is none. */
  readonly said: readonly string[];
  /** The same done to a hash chain of the same entries; absent where that has no such thing. */
  readonly chain?: () => HashChain;
}

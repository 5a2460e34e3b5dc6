import type { GoingBack } from '@proofline/protocol';
import type { Provable } from './provable.ts';

/** What is to be proved of an earlier release, or why it need not be: invariants that cannot be asked of it. */
export type Readied = Provable | Pick<GoingBack, 'invariants'>;

/** What is known about going back, before anybody wants to. */
export interface GoingBackState {
  /** The number of the live release that this is about. */
  readiedFor: number;
  /** By the number of the release that one would go back to. */
  readonly readied: Map<number, Readied>;
}

/** @see GoingBackState */
export function createGoingBackState(): GoingBackState {
  return { readiedFor: 0, readied: new Map() };
}

import type { PolicySet } from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';

/** A release that decisions rest on. */
export interface CurrentRelease {
  readonly set: PolicySet;
  readonly ref: ReleaseRef;
  readonly releasedAt: Date;
  readonly signature: string;
  /** Numbers of the releases that it came from, oldest first: to these one can go back. */
  readonly line: readonly number[];
}

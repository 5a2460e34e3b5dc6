import type { Id } from '@proofline/kernel';
import type { SubjectId } from './subjects.ts';

/** An invitation to become somebody's recovery contact. */
export interface Invitation {
  readonly secretDigest: string;
  readonly subjectId: SubjectId;
  /** The passkey that signed it: the invitation is worth something for as long as that one stands. */
  readonly authenticatorId: Id<'ath'>;
  readonly expiresAt: Date;
}

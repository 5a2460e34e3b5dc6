import type { Id } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import type { Standing, SubjectId } from './subjects.ts';

/** Somebody signed, with their own passkey, the context of one recovery. */
export interface Vouch {
  readonly kind: 'vouch';
  readonly by: SubjectId;
  readonly as: 'contact' | 'officer';
  readonly role: Standing;
  readonly desk: string;
  /** Of this very assertion. */
  readonly acr: Acr;
  /** Their own account was recovered lately, and counts for less. */
  readonly isCapped: boolean;
  /** What the signed context names. */
  readonly signedFor: { readonly recoveryId: Id<'rcv'>; readonly subjectId: SubjectId };
}

/** Somebody typed a recovery code into a browser. */
export interface GiveCode {
  readonly kind: 'give-code';
  readonly browser: string;
  readonly isRight: boolean;
  /** When the code was made that it was compared with. */
  readonly codeMadeAtMs: number | null;
  /** Wrong codes for this subject in all recoveries of the day. */
  readonly wrongToday: number;
}

/** One tap in a live session, or on the link of a notice. */
export interface Cancel {
  readonly kind: 'cancel';
  /** Whose session it was; absent: a notice’s link, which names the recovery that it is for. */
  readonly by: SubjectId | undefined;
  readonly linkOf: Id<'rcv'> | undefined;
  /** With a passkey of the subject, over this very act. */
  readonly isTouched: boolean;
  /** Recoveries of this subject with a proof that were cancelled lately. */
  readonly cancelledLately: number;
}

/** Somebody who vouched is no longer there. */
export interface Leave {
  readonly kind: 'leave';
  readonly who: SubjectId;
}

/** The subject is back, and registers a new passkey. */
export interface Complete {
  readonly kind: 'complete';
  readonly browser: string;
}

/** Time went by. */
export interface Tick {
  readonly kind: 'tick';
}

/** Another recovery of the same subject begins. */
export interface Supersede {
  readonly kind: 'supersede';
}

/** Everything that can happen to a recovery that has begun. */
export type Action = Vouch | GiveCode | Cancel | Leave | Complete | Tick | Supersede;

/** The action of one kind. */
export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

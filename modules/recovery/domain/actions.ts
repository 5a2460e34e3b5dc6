import type { Acr, Role } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';

/** A colleague signed, with their own passkey, the context of one recovery. */
export interface Vouch {
  readonly kind: 'vouch';
  readonly by: Id<'stf'>;
  readonly as: 'contact' | 'officer';
  readonly role: Role;
  readonly desk: string;
  /** Of this very assertion. */
  readonly acr: Acr;
  /** What the signed context names. */
  readonly signedFor: { readonly recoveryId: Id<'rcv'>; readonly subjectId: Id<'stf'> };
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
  readonly by: Id<'stf'> | undefined;
  readonly linkOf: Id<'rcv'> | undefined;
}

/** A colleague who vouched works here no longer. */
export interface Leave {
  readonly kind: 'leave';
  readonly who: Id<'stf'>;
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

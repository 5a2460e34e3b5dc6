import type { Id } from '@proofline/kernel';
import { rulesOf, type Standing, type SubjectId } from './subjects.ts';

const HOUR_MS = 60 * 60 * 1000;
/** How long the proofs may take to come together. */
export const COLLECT_MS = 72 * HOUR_MS;
/** How long the subject may take to come back once the wait is over. */
export const RETURN_MS = 72 * HOUR_MS;
/** For as long a recovered account counts for less. */
export const CAP_MS = 7 * 24 * HOUR_MS;
/** How much of the wait one look at the clock may add: a clock that jumps ahead ends no wait. */
export const WATCH_MAX_MS = HOUR_MS;
/** Wrong codes of one recovery. */
export const WRONG_CODES_MAX = 5;

/** Where a recovery stands. `superseded`: another one of the same subject took its place. */
export const recoveryStates = [
  'collecting',
  'waiting',
  'completed',
  'cancelled',
  'expired',
  'superseded',
] as const;
/** One of {@link recoveryStates}. */
export type RecoveryState = (typeof recoveryStates)[number];

/** Somebody who stood beside the subject and signed. */
export interface Voucher {
  readonly by: SubjectId;
  readonly as: 'contact' | 'officer';
  readonly role: Standing;
  readonly desk: string;
}

/** One recovery, with what the subject had chosen before it began. */
export interface Recovery {
  readonly recoveryId: Id<'rcv'>;
  readonly subjectId: SubjectId;
  readonly state: RecoveryState;
  /** Digest of the secret in the cookie of the browser that began. */
  readonly browser: string;
  readonly startedAtMs: number;
  /** As they stood at the start: what is changed afterwards counts for the next one. */
  readonly contacts: readonly SubjectId[];
  readonly contactsNeeded: number;
  /** When the sealed code was made that stood at the start: no other one counts. */
  readonly codeMadeAtMs: number | null;
  readonly vouchers: readonly Voucher[];
  readonly codeGiven: boolean;
  readonly wrongCodes: number;
  /** Since when both proofs stand. */
  readonly provedAtMs: number | null;
  readonly readyAtMs: number | null;
  readonly expiresAtMs: number;
  readonly daysTold: number;
  /** The wait as far as it was watched: time in which nobody could be told or cancel does not count. */
  readonly waitedMs: number;
  /** The latest time at which it was seen: the clock never goes behind it. */
  readonly seenAtMs: number;
}

/** The kinds of proof. Two different ones are needed. */
export const proofKinds = ['contacts', 'officers', 'code'] as const;
/** One of {@link proofKinds}. */
export type ProofKind = (typeof proofKinds)[number];

/** What every channel on file is told of. */
export type Told =
  | 'started'
  | 'proof-given'
  | 'proof-lost'
  | 'waiting'
  | 'day'
  | 'ready'
  | 'completed'
  | 'cancelled'
  | 'expired';

/** The kinds of proof that stand. However many officers sign, they are one. */
export function proofsOf(recovery: Recovery): ProofKind[] {
  const count = (as: Voucher['as']) => recovery.vouchers.filter((one) => one.as === as).length;
  const hasContacts = recovery.contactsNeeded >= 2 && count('contact') >= recovery.contactsNeeded;
  return [
    ...(hasContacts ? (['contacts'] as const) : []),
    ...(count('officer') >= 2 ? (['officers'] as const) : []),
    ...(recovery.codeGiven ? (['code'] as const) : []),
  ];
}

/** Two kinds of proof, one of them held by the subject alone or by whom they chose beforehand. */
export function isProved(recovery: Recovery): boolean {
  return proofsOf(recovery).length >= 2 && hasOwnProof(recovery);
}

/** Whether anything can still become of it. */
export function isOpen({ state }: Recovery): boolean {
  return state === 'collecting' || state === 'waiting';
}

/** Whether officers may be asked: of a customer, not before something came that no officer can bring. */
export function isForOfficers({ codeGiven, subjectId, vouchers }: Recovery): boolean {
  const { officersComeSecond } = rulesOf(subjectId);
  return !officersComeSecond || codeGiven || vouchers.some((one) => one.as === 'contact');
}

/**
 * Whether a whole proof stands that officers cannot give: nobody takes the place of such a one, and without a
 * passkey it is cancelled only so often. A word or two of others would shut out an owner who has nothing left.
 */
export function hasOwnProof(recovery: Recovery): boolean {
  return proofsOf(recovery).some((kind) => kind !== 'officers');
}

/** Whether anybody has proved anything: whoever did knows that there is such an account. */
export function hasProof({ codeGiven, vouchers }: Recovery): boolean {
  return codeGiven || vouchers.length > 0;
}

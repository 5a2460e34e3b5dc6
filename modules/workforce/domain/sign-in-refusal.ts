import type { AssertionResult, CeremonyRefusal, CeremonyRefusalCode } from '@proofline/assurance';
import type { Id, Result } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';

/** What decides whether an answered sign-in is accepted. */
export interface SignInFacts {
  readonly isKnownCredential: boolean;
  readonly verified: Result<AssertionResult, CeremonyRefusal>;
  /** Whose credential it is, as the directory has them. */
  readonly owner: { readonly subjectId: Id<'stf'>; readonly isActive: boolean } | undefined;
  /** Who alone may answer, in a step-up. */
  readonly onlySubject: Id<'stf'> | undefined;
  /** The least level asked for. */
  readonly acr: Acr | undefined;
}

/** Why a sign-in was refused: for the evidence. The person is told what {@link toldOf} says, if anything. */
export type SignInRefusal =
  | CeremonyRefusalCode
  | 'unknown-credential'
  | 'other-subject'
  | 'not-active'
  | 'level-too-low';

/** The first reason to refuse; `undefined` when there is none. */
export function signInRefusal(facts: SignInFacts): SignInRefusal | undefined {
  if (!facts.isKnownCredential) return 'unknown-credential';
  if (facts.onlySubject !== undefined && facts.owner?.subjectId !== facts.onlySubject) {
    return 'other-subject';
  }
  if (!facts.verified.ok) return facts.verified.error.code;
  // Registered but not confirmed is not yet a colleague: no session, so nothing to have no role in.
  if (!facts.owner?.isActive) return 'not-active';
  if (facts.acr === 'phrh' && facts.verified.value.acr !== 'phrh') return 'level-too-low';
  return undefined;
}

/**
 * What the person may read of it. In a step-up they are signed in and have just proved that the passkey
 * is theirs, so that its level is their own and nothing is learnt of anybody (P9); all else stays untold.
 */
export function toldOf(because: SignInRefusal, isStepUp: boolean): string | undefined {
  if (because !== 'level-too-low' || !isStepUp) return undefined;
  return 'This needs a security key; your passkey is not one. Use a security key of yours, or add one under “My passkeys”.';
}

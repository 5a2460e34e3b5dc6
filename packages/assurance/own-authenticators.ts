import type { Id } from '@proofline/kernel';
import type { Acr, OwnAct } from '@proofline/protocol';

/** So many at most: whoever has more loses sight of them. */
export const AUTHENTICATORS_MAX = 10;

/** What of an authenticator decides which changes its subject may make. */
export interface OwnOne {
  readonly authenticatorId: Id<'ath'>;
  /** As registered, or less where a weaker one vouched for it. */
  readonly acr: Acr;
}

/** The subject's own authenticators now, and how many of them must stay. */
export interface OwnSet {
  readonly authenticators: readonly OwnOne[];
  /** At least one: without any, nobody could prove anything again. */
  readonly least: number;
}

/** Why a change cannot be made, whoever proves it. */
export type OwnActRefusal =
  | 'authenticator.unknown'
  | 'authenticator.last'
  | 'authenticator.too-few'
  | 'authenticator.too-many';

/** Why this change cannot be made; `undefined` when a proof is all that it needs. */
export function ownActRefusal(
  act: { readonly kind: OwnAct['kind']; readonly authenticatorId?: Id<'ath'> },
  { authenticators, least }: OwnSet,
): OwnActRefusal | undefined {
  if (act.kind === 'add') {
    return authenticators.length >= AUTHENTICATORS_MAX ? 'authenticator.too-many' : undefined;
  }
  const isOwn = authenticators.some((one) => one.authenticatorId === act.authenticatorId);
  // Somebody else's, one that was removed and one that never was look the same (P9).
  if (!isOwn) return 'authenticator.unknown';
  if (act.kind === 'rename') return undefined;
  if (authenticators.length <= 1) return 'authenticator.last';
  return authenticators.length - 1 < least ? 'authenticator.too-few' : undefined;
}

/**
 * Which of the own authenticators may prove a change.
 *
 * Adding: one of the strongest that the subject has, so that whoever stole the weakest does not make
 * it two (NIST SP 800-63B §6.1.2.1). Removing: one that stays, so that the last thing which works is
 * never given away for one that does not.
 */
export function proversOf(
  act: { readonly kind: OwnAct['kind']; readonly authenticatorId?: Id<'ath'> },
  { authenticators }: Pick<OwnSet, 'authenticators'>,
): readonly Id<'ath'>[] {
  const ids = (list: readonly OwnOne[]) => list.map(({ authenticatorId }) => authenticatorId);
  if (act.kind === 'remove') {
    return ids(authenticators).filter((authenticatorId) => authenticatorId !== act.authenticatorId);
  }
  const strongest = authenticators.filter(({ acr }) => acr === 'phrh');
  return act.kind === 'add' && strongest.length > 0 ? ids(strongest) : ids(authenticators);
}

/** The lower of two levels: an authenticator counts as no more than the one that vouched for it. */
export function lowerAcr(one: Acr, other: Acr | undefined): Acr {
  return one === 'phrh' && (other ?? 'phrh') === 'phrh' ? 'phrh' : 'phr';
}

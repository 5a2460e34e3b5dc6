import type { Action, ServiceRecord } from '@proofline/protocol';

/** What a program may, how often, and who answers for it, as somebody wants it. */
export interface WantedTerms {
  readonly scopes: readonly Action[];
  readonly ratePerMinute: number;
  readonly ownerId: string;
}

/** What has to be asked for: to take away acts at once, anything else takes a fresh proof. */
export type ChangeOfTerms =
  | { readonly kind: 'none' }
  | { readonly kind: 'narrow'; readonly without: Action[]; readonly ratePerMinute: number }
  | { readonly kind: 'widen' };

/** How terms differ from those that a service has. */
export function changeOfTerms(one: ServiceRecord, wanted: WantedTerms): ChangeOfTerms {
  const held = one.scopes.map(({ action }) => action);
  const rate = one.ratePerMinute ?? wanted.ratePerMinute;
  const isMore =
    wanted.scopes.some((scope) => !held.includes(scope)) ||
    wanted.ratePerMinute > rate ||
    wanted.ownerId !== one.owner?.subjectId;
  if (isMore) return { kind: 'widen' };
  const without = held.filter((scope) => !wanted.scopes.includes(scope));
  if (without.length === 0 && wanted.ratePerMinute === rate) return { kind: 'none' };
  return { kind: 'narrow', without, ratePerMinute: wanted.ratePerMinute };
}

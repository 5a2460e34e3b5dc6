import type { SubjectId } from './subjects.ts';

/** A recovery code as it is kept: never the code. */
export interface SealedCode {
  readonly salt: string;
  readonly hash: string;
  readonly madeAtMs: number;
}

/** What a subject laid by. */
export interface Preparation {
  readonly subjectId: SubjectId;
  readonly contacts: readonly SubjectId[];
  /** Since when each of them is one; absent where they were chosen together. */
  readonly contactsSinceMs: readonly number[] | null;
  readonly contactsNeeded: number;
  readonly chosenAtMs: number | null;
  readonly code: SealedCode | null;
}

/** What of it counts for a recovery that begins now. */
export type Counting = Pick<Preparation, 'contacts' | 'contactsNeeded'> & {
  readonly codeMadeAtMs: number | null;
};

/** Nothing was laid by, or it is not what the evidence says. */
export const nothingPrepared: Counting = { contacts: [], contactsNeeded: 0, codeMadeAtMs: null };

/**
 * What counts of what was laid by. A contact counts after a time in which every channel was told of them,
 * so that nobody who sat down at an open session brings their own people along.
 */
export function countingNow(
  { code, contacts, contactsNeeded, contactsSinceMs }: Preparation,
  { nowMs, seasonMs }: { readonly nowMs: number; readonly seasonMs: number },
): Counting {
  const isSeasoned = (_: SubjectId, index: number) =>
    contactsSinceMs === null || nowMs - (contactsSinceMs[index] ?? nowMs) >= seasonMs;
  return {
    contacts: contacts.filter(isSeasoned),
    contactsNeeded,
    codeMadeAtMs: code?.madeAtMs ?? null,
  };
}

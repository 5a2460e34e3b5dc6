/** What stands for the kind of an entry whose bytes are gone. */
export const ERASED = 'erased';
/** The same, where an identity proof stood behind it: what it led to does not become an orphan. */
export const ERASED_PROVED = 'erased-proved';

/** Whether a row is what is left of an entry that was erased. */
export function isErasedKind(kind: string): boolean {
  return kind === ERASED || kind === ERASED_PROVED;
}

import { CanonicalJsonError, canonicalJson, type Json } from '@proofline/kernel';

/**
 * Whether a JSON text is the one canonical spelling (RFC 8785) of the value that it was parsed to.
 *
 * Most texts are, and are seen to be by the platform's own serializer, in a fraction of the time: what
 * it spells in the order of the members is canonical where that order is. Whatever it spells otherwise,
 * or could not be told of (a lone surrogate, which it escapes), is spelled again by the book.
 */
export function isCanonicalText(text: string, value: unknown): boolean {
  if (!text.includes('\\ud') && JSON.stringify(value) === text && isInOrder(value)) return true;
  try {
    // What JSON.parse answered is JSON.
    return canonicalJson(value as Json) === text;
  } catch (error) {
    if (error instanceof CanonicalJsonError) return false;
    throw error;
  }
}

/** Whether the members of every object stand as §3.2.3 sorts them: by UTF-16 code units. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before: string | undefined;
  for (const [name, member] of Object.entries(value)) {
    if (before !== undefined && !(before < name)) return false;
    before = name;
    if (typeof member === 'object' && !isInOrder(member)) return false;
  }
  return true;
}

const MAX_CHARS = 100;
/**
 * Letters, digits, punctuation and plain spaces. Nothing that is not seen, breaks the line or turns the
 * direction of the text: what the person reads is what they sign, and what they compare.
 */
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** Why a binding message is not shown to anybody; `undefined` where it is. */
export function whyUnreadable(message: unknown): string | undefined {
  if (typeof message !== 'string' || message.trim() === '')
    return 'say what the person compares with what they see or hear at you';
  if (message.length > MAX_CHARS) return `at most ${MAX_CHARS} characters`;
  if (!READABLE.test(message)) return 'one line of letters, digits and punctuation';
  return undefined;
}

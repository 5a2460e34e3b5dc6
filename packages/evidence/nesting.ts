/** Levels of lists and objects that any JSON of the evidence may have; entries need 17. */
const LEVELS_MAX = 64;

/**
 * Whether a JSON text has more levels of lists and objects than evidence ever has. Asked of the text
 * before it is read: what works on the value afterwards is recursive, and would run out of stack.
 */
export function isTooDeep(text: string): boolean {
  let levels = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (inString) {
      if (letter === '\\') at += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '[' || letter === '{') {
      levels += 1;
      if (levels > LEVELS_MAX) return true;
    } else if (letter === ']' || letter === '}') levels -= 1;
  }
  return false;
}

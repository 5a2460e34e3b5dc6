const COLON_AFTER = /[\t\n\r ]*:/y;

/**
 * Whether an object in a JSON text has a member twice. RFC 8259 §4 leaves to the reader which of them
 * counts, so such a text would say one thing to this verifier and another to somebody else's eyes.
 * The text was read as JSON before; its members are compared as they are meant, not as they are spelled.
 */
export function hasTwinMembers(text: string): boolean {
  const names: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    // A list has no names: its set stays empty.
    if (letter === '{' || letter === '[') names.push(new Set());
    else if (letter === '}' || letter === ']') names.pop();
    else if (letter === '"') {
      const end = endOfString(text, at);
      COLON_AFTER.lastIndex = end;
      if (COLON_AFTER.test(text)) {
        const name = nameOf(text.slice(at, end));
        const seen = names.at(-1);
        if (seen?.has(name)) return true;
        seen?.add(name);
      }
      at = end - 1;
    }
  }
  return false;
}

/** Read only where it is spelled with escapes: hostile files have members without end. */
function nameOf(quoted: string): string {
  // A JSON string is a string.
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

/** The place behind the closing quotation mark. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

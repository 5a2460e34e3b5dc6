/** A key and what it does. `keys` is one character, or `mod+k` for Ctrl or ⌘ with one. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
}

/** The part of a keyboard event that is looked at. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly repeat: boolean;
  readonly target: EventTarget | null;
}

/**
 * Whether a key press means a shortcut. A single character counts only where nobody is typing, and
 * only while letters are switched on (WCAG 2.1.4).
 */
export function matchesKey(press: KeyPress, shortcut: Shortcut, lettersOn: boolean): boolean {
  if (press.isComposing || press.altKey || press.repeat) return false;
  const withModifier = press.ctrlKey || press.metaKey;
  if (shortcut.keys.startsWith('mod+')) {
    return withModifier && press.key.toLowerCase() === shortcut.keys.slice('mod+'.length);
  }
  return !withModifier && lettersOn && press.key === shortcut.keys && !isTyping(press.target);
}

/** Whether keys go into a text there. */
function isTyping(target: EventTarget | null): boolean {
  if (target === null || !('tagName' in target)) return false;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(String(target.tagName));
}

/** `mod+k` → `⌘K` or `Ctrl+K`. */
export function keyText(keys: string, isApple: boolean): string {
  if (!keys.startsWith('mod+')) return keys;
  const key = keys.slice('mod+'.length).toUpperCase();
  return isApple ? `⌘${key}` : `Ctrl+${key}`;
}

/** A key and what it does. `keys` is one character, `mod+k` for Ctrl or ⌘ with one, or `mod+shift+l`. */
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
  readonly shiftKey?: boolean;
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
  const [, shift, withMod] = /^mod\+(shift\+)?(.)$/.exec(shortcut.keys) ?? [];
  if (withMod !== undefined) {
    if (shift !== undefined && press.shiftKey !== true) return false;
    return withModifier && press.key.toLowerCase() === withMod;
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
  const [, shift, withMod] = /^mod\+(shift\+)?(.)$/.exec(keys) ?? [];
  if (withMod === undefined) return keys;
  const key = withMod.toUpperCase();
  if (isApple) return `${shift === undefined ? '' : '⇧'}⌘${key}`;
  return `Ctrl+${shift === undefined ? '' : 'Shift+'}${key}`;
}

import { fromBase64, toBase64 } from './base64.ts';
import { isKeyName, type NamedKey } from './named-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A text with signatures under it (C2SP signed-note 1.0.0). */
export interface SignedNote {
  /** With its final newline: these bytes in UTF-8 are what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** One signature line: `— name base64(keyId ‖ signature)`. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

const SIGNATURES_MAX = 100;
const NOTE_MAX_CHARS = 64 * 1024;

/** Writes a note. The text ends in a newline and has no control characters. */
export function writeNote(note: SignedNote): string {
  return `${note.text}\n${note.signatures.map(writeSignature).join('')}`;
}

/** Reads a note strictly; `undefined` when it is malformed. Checks no signature. */
export function parseNote(note: string): SignedNote | undefined {
  if (note.length > NOTE_MAX_CHARS || !note.isWellFormed() || hasControls(note)) return undefined;
  // The last blank line divides: the text itself may hold blank lines.
  const divide = note.lastIndexOf('\n\n');
  if (divide < 0 || !note.endsWith('\n')) return undefined;
  const lines = note.slice(divide + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) return undefined;
  const signatures = lines.map(parseSignature);
  if (!signatures.every((signature) => signature !== undefined)) return undefined;
  return { text: note.slice(0, divide + 1), signatures };
}

/**
 * Whether the note carries this key's signature. Lines of other keys are ignored, as C2SP asks; a
 * line that names this key and does not verify refuses the note.
 */
export function verifyNote(note: SignedNote, key: VerifierKey): boolean {
  const message = Buffer.from(note.text);
  const own = signaturesBy(note, key);
  return own.length > 0 && own.every(({ signature }) => key.verify(message, signature));
}

/** The lines that name this key. Who wrote them is not known before they are verified. */
export function signaturesBy(
  { signatures }: Pick<SignedNote, 'signatures'>,
  key: NamedKey,
): readonly NoteSignature[] {
  return signatures.filter(
    ({ name, keyId }) => name === key.name && Buffer.compare(keyId, key.keyId) === 0,
  );
}

/** A signature as the line that stands under a note, with its newline. */
export function writeSignature({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(Buffer.concat([keyId, signature]))}\n`;
}

/** Reads signature lines as a witness answers with them; `undefined` when one is malformed. */
export function parseSignatures(lines: string): readonly NoteSignature[] | undefined {
  // A note of any text, so that there is one reader of the form.
  return parseNote(`-\n\n${lines}`)?.signatures;
}

function parseSignature(line: string): NoteSignature | undefined {
  const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
  if (!match || !isKeyName(match[1]!)) return undefined;
  const bytes = fromBase64(match[2]!);
  if (!bytes || bytes.length < 5) return undefined;
  return { name: match[1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x0a) || code === 0x7f) return true;
  }
  return false;
}

/** What the server hands out to prove that an entry is in the log. */
export interface InclusionClaim {
  readonly index: number;
  /** base64, as are the hashes of the path. */
  readonly leafHash: string;
  readonly proof: readonly string[];
  /** The signed note of a checkpoint (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
  /** `name+hash+key` (C2SP signed-note). */
  readonly verifierKey: string;
}

/** `unreadable`: not of the form that it must have. */
export type InclusionVerdict = 'proved' | 'wrong-path' | 'wrong-signature' | 'unreadable';

/**
 * Checks a proof here, in the reader's own browser, with the platform's cryptography: that the path
 * leads from the leaf to the checkpoint's root (RFC 9162 §2.1.3.2), and that the log's key signed it.
 */
export async function checkInclusion(claim: InclusionClaim): Promise<InclusionVerdict> {
  const note = readNote(claim.checkpoint);
  const key = readKey(claim.verifierKey);
  const leaf = bytesOf(claim.leafHash);
  const path = claim.proof.map(bytesOf);
  if (!note || !key || !leaf || path.some((hash) => hash === undefined)) return 'unreadable';
  if (note.origin !== key.name || !(await isSigned(note, key.publicKey))) return 'wrong-signature';
  const hashes = path.filter((hash) => hash !== undefined);
  const root = await rootOf({ index: claim.index, size: note.size, leaf, path: hashes });
  return root !== undefined && isSame(root, note.root) ? 'proved' : 'wrong-path';
}

interface Note {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly signed: Bytes;
  readonly signatures: readonly Bytes[];
}
type Bytes = Uint8Array<ArrayBuffer>;

function readNote(text: string): Note | undefined {
  const match =
    /^(([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]{44})\n(?:[^\n]+\n)*)\n((?:— [^\n]+\n)+)$/.exec(
      text,
    );
  const root = match && bytesOf(match[4]!);
  if (!match || root?.length !== 32) return undefined;
  const [, signed = '', origin = '', size, , lines = ''] = match;
  const signatures = lines
    .split('\n')
    .filter((line) => line.startsWith(`— ${origin} `))
    .map((line) => bytesOf(line.slice(`— ${origin} `.length)))
    .filter((bytes) => bytes?.length === SIGNATURE_BYTES)
    .filter((bytes) => bytes !== undefined);
  return { origin, size: Number(size), root, signed: utf8(signed), signatures };
}

/** Four bytes that say which key, then an Ed25519 signature. */
const SIGNATURE_BYTES = 4 + 64;
const ED25519_TYPE = 1;

function readKey(text: string): { readonly name: string; readonly publicKey: Bytes } | undefined {
  const match = /^([^+\s]{1,200})\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)$/.exec(text);
  const typed = match && bytesOf(match[2]!);
  if (!match || typed?.length !== 33 || typed[0] !== ED25519_TYPE) return undefined;
  return { name: match[1]!, publicKey: typed.slice(1) };
}

async function isSigned({ signed, signatures }: Note, publicKey: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  for (const signature of signatures) {
    if (await crypto.subtle.verify('Ed25519', key, signature.slice(4), signed)) return true;
  }
  return false;
}

/** RFC 9162 §2.1.3.2, steps 1 to 5; `undefined` when the path has the wrong length. */
async function rootOf(claim: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Bytes;
  readonly path: readonly Bytes[];
}): Promise<Bytes | undefined> {
  if (claim.index >= claim.size) return undefined;
  let [first, second, root] = [claim.index, claim.size - 1, claim.leaf];
  for (const sibling of claim.path) {
    if (second === 0) return undefined;
    if (first % 2 === 1 || first === second) {
      root = await nodeHash(sibling, root);
      while (first % 2 === 0 && first !== 0) [first, second] = [half(first), half(second)];
    } else {
      root = await nodeHash(root, sibling);
    }
    [first, second] = [half(first), half(second)];
  }
  return second === 0 ? root : undefined;
}

/** Not `>> 1`: an index may be longer than 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

async function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  const node = Uint8Array.of(1, ...left, ...right);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', node));
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function bytesOf(base64: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

import { canonicalJson, err, isId, ok, type Id, type Result } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { isTooDeep } from '../nesting.ts';
import { hasTwinMembers } from '../twin-members.ts';

/** The name and version of the file format. */
export const BUNDLE_FORMAT = 'proofline-evidence/1';

/** Bounds of a file that somebody hands over. Units stand last. */
export const bundleLimits = {
  fileMaxBytes: 64 * 1024 * 1024,
  entriesMax: 5_000,
  proofMaxHashes: 53,
  disclosuresMax: 400,
} as const;

/** One entry in a bundle. */
export interface BundleEntry {
  /** Place in the log, from 0. */
  readonly index: number;
  /** The entry's canonical text, byte for byte as it was hashed. */
  readonly leaf: string;
  /** Inclusion proof against the bundle's checkpoint: base64 hashes, lowest first. */
  readonly proof: readonly string[];
  /** Disclosures of the personal fields that the reader is entitled to. */
  readonly disclosures: readonly string[];
}

/** An entry whose bytes were erased: its place in the tree is all that is left. */
export interface ErasedEntry {
  readonly index: number;
  /** {@link erasedIdHash} of its id. */
  readonly idHash: string;
  /** base64 of the leaf hash. */
  readonly leafHash: string;
  /** Inclusion proof of that hash. */
  readonly proof: readonly string[];
}

/** One line of what a bundle holds. */
export interface ManifestLine {
  readonly index: number;
  readonly id: Id<'evt'>;
  /** base64url of the leaf hash. */
  readonly leafHash: string;
}

/** What an export contains and what it names without containing it; its digest is in the log. */
export interface BundleManifest {
  /** By index, rising. The entry of the export itself is not in it: it holds the digest. */
  readonly entries: readonly ManifestLine[];
  /** Causes of the entries that lie outside of the bundle. */
  readonly outside: readonly Id<'evt'>[];
  /** Of those that were erased; absent where none was. */
  readonly erased?: readonly Omit<ErasedEntry, 'proof'>[];
}

/** A chain of evidence as one file, to be verified without its maker. */
export interface EvidenceBundle {
  readonly format: typeof BUNDLE_FORMAT;
  readonly exportId: Id<'exp'>;
  readonly exportedAt: string;
  /** Signed note (C2SP tlog-checkpoint). */
  readonly checkpoint: string;
  /** The key that signed it. Compare it with one that you know: whoever made the file wrote it. */
  readonly verifierKey: string;
  readonly manifest: BundleManifest;
  /** By index, rising; the entry `evidence.exported` of this very export is the last. */
  readonly entries: readonly BundleEntry[];
  /** Causes whose bytes were erased. The entries that say so are among `entries`. Absent: none. */
  readonly erased?: readonly ErasedEntry[];
}

/** base64url SHA-256 of the canonical manifest: the fact `manifestDigest` of `evidence.exported`. */
export function manifestDigest(manifest: BundleManifest): string {
  return sha256Base64url(
    canonicalJson({
      entries: manifest.entries.map(({ index, id, leafHash }) => ({ index, id, leafHash })),
      outside: manifest.outside,
      ...(manifest.erased && {
        erased: manifest.erased.map(({ index, idHash, leafHash }) => ({ index, idHash, leafHash })),
      }),
    }),
  );
}

/** Writes a bundle as the text of its file. */
export function writeBundle(bundle: EvidenceBundle): string {
  return `${JSON.stringify(bundle, undefined, 1)}\n`;
}

/** Reads the text of a file strictly. Checks the form only: see {@link verifyBundle}. */
export function parseBundle(text: string): Result<EvidenceBundle, string> {
  if (Buffer.byteLength(text) > bundleLimits.fileMaxBytes) return err('the file is too large');
  if (isTooDeep(text)) return err('the file is nested too deep');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('the file is not JSON');
  }
  if (hasTwinMembers(text)) return err('the file has a member twice');
  if (!has(value, shape)) return err(`the file is not of the format ${BUNDLE_FORMAT}`);
  // The table of members below has checked all of it.
  return ok(value as EvidenceBundle);
}

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;
/** Members that a file may do without. */
const OPTIONAL: ReadonlySet<string> = new Set(['erased']);

const isText: Check = (value) => typeof value === 'string' && value.length <= 128 * 1024;
const isIndex: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isEntryId: Check = (value) => isId('evt', value);
const listOf =
  (max: number, isItem: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(isItem);
const objectOf =
  (members: Shape): Check =>
  (value) =>
    has(value, members);

const shape: Shape = {
  format: (value) => value === BUNDLE_FORMAT,
  exportId: (value) => isId('exp', value),
  exportedAt: isText,
  checkpoint: isText,
  verifierKey: isText,
  manifest: objectOf({
    entries: listOf(
      bundleLimits.entriesMax,
      objectOf({ index: isIndex, id: isEntryId, leafHash: isText }),
    ),
    outside: listOf(bundleLimits.entriesMax, isEntryId),
    erased: listOf(
      bundleLimits.entriesMax,
      objectOf({ index: isIndex, idHash: isText, leafHash: isText }),
    ),
  }),
  entries: listOf(
    bundleLimits.entriesMax,
    objectOf({
      index: isIndex,
      leaf: isText,
      proof: listOf(bundleLimits.proofMaxHashes, isText),
      disclosures: listOf(bundleLimits.disclosuresMax, isText),
    }),
  ),
  erased: listOf(
    bundleLimits.entriesMax,
    objectOf({
      index: isIndex,
      idHash: isText,
      leafHash: isText,
      proof: listOf(bundleLimits.proofMaxHashes, isText),
    }),
  ),
};

/** Whether a value is an object with exactly these members, each as its check asks, save for optional ones. */
function has(value: unknown, members: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.keys(value).every((name) => Object.hasOwn(members, name))) return false;
  return Object.entries(members).every(([name, check]) =>
    Object.hasOwn(value, name) ? check(Reflect.get(value, name)) : OPTIONAL.has(name),
  );
}

import { readDictionary, writeBareItem } from './structured-fields.ts';

const algorithms: Readonly<Record<string, string>> = { 'sha-256': 'SHA-256', 'sha-512': 'SHA-512' };

/** The `Content-Digest` of a body (RFC 9530 §2), by SHA-256. */
export async function contentDigest(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const value = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  return `sha-256=${writeBareItem({ kind: 'bytes', value })}`;
}

/**
 * Whether a body is the one that a `Content-Digest` speaks of (RFC 9530 §2). At least one digest is by
 * SHA-256 or SHA-512, and all that are must hold; others say nothing here. Never throws.
 */
export async function holdsContentDigest(
  field: string | null | undefined,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let held = 0;
  for (const [name, member] of readDictionary(field ?? '') ?? []) {
    const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
    if (algorithm === undefined) continue;
    if (!('item' in member) || member.item.kind !== 'bytes') return false;
    const expected = new Uint8Array(await crypto.subtle.digest(algorithm, body));
    const given = member.item.value;
    // Public values both: nothing is learnt from where they differ.
    if (given.length !== expected.length || given.some((byte, at) => byte !== expected[at])) {
      return false;
    }
    held += 1;
  }
  return held > 0;
}

/** A body, and what the head that came with it says of it. */
export interface SignedBody {
  /** What the verified signature covers. */
  readonly covered: readonly string[];
  /** The `Content-Digest` header. */
  readonly digest: string | null | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Whether a body is the one that was signed (RFC 9421 §7.2.8): of the digest that the signature covers, and
 * none where it covers no digest. A digest that merely came along was written by anybody.
 */
export async function holdsSignedBody({ body, covered, digest }: SignedBody): Promise<boolean> {
  return covered.includes('content-digest') ? holdsContentDigest(digest, body) : body.length === 0;
}

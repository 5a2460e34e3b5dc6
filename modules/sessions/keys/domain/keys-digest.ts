import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { KeyRow } from './key-ring.ts';

/** As many rows are told of: what is older has been worth nothing for years. */
const TOLD_MAX = 100;

/**
 * What the table of signing keys held up to one of its rows: told in the evidence of that row, so that a start
 * notices when a row is missing, and with it perhaps that a key was compromised.
 */
export function keysDigest(
  rows: readonly Pick<KeyRow, 'sequence' | 'kid'>[],
  upToSequence: number,
): string {
  const told = rows
    .filter(({ sequence }) => sequence <= upToSequence)
    .toSorted((a, b) => b.sequence - a.sequence)
    .slice(0, TOLD_MAX)
    .map(({ sequence, kid }) => [sequence, kid]);
  return sha256Base64url(canonicalJson(told));
}

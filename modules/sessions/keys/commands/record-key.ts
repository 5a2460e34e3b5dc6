import type { Id } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import type { KeyRow } from '../domain/key-ring.ts';
import { keyTableOf } from '../store/key-rows.ts';
import { keysDigest } from '../domain/keys-digest.ts';

interface Added {
  readonly row: KeyRow;
  /** Those that were there before it. */
  readonly before: readonly KeyRow[];
  /** Who asked for it, why, and by which decision; absent: nobody did. */
  readonly asked?: {
    readonly by: Id<'stf'>;
    readonly reason: string;
    readonly decisionEvidenceId: Id<'evt'>;
  };
}

const kindOf = (realm: Realm) =>
  realm === 'workforce' ? 'signing-key.added' : 'customers-signing-key.added';

/** Writes down that there is another signing key, and which ones there are with it. */
export function recordKey(
  { ledger, realm }: SessionsContext,
  tx: Db,
  { asked, before, row }: Added,
): Promise<Id<'evt'>> {
  const { because, kid, sequence, signsFromMs } = row;
  return ledger.record(tx, {
    kind: kindOf(realm),
    causes: asked ? [asked.decisionEvidenceId] : [],
    subjects: asked ? { actor: asked.by } : {},
    facts: {
      kid,
      because,
      signsFrom: new Date(signsFromMs).toISOString(),
      sequence,
      keys: keysDigest([...before, row], sequence),
      ...(asked ? { reason: asked.reason } : {}),
    },
  });
}

/** What the log says of the table. `undefined`: nothing, or it was written down before there was a digest. */
export interface ToldKeys {
  readonly kid: string;
  readonly sequence: number;
  readonly keys: string;
}

/** @see ToldKeys */
export async function toldKeys({ ledger, realm }: SessionsContext): Promise<ToldKeys | undefined> {
  const { keys, kid, sequence } = (await ledger.newestFacts([kindOf(realm)])) ?? {};
  if (typeof keys !== 'string' || typeof sequence !== 'number') return undefined;
  return { keys, sequence, kid: typeof kid === 'string' ? kid : '' };
}

/**
 * Whether the table still holds what the log says that it held: who can write it could take away the newest row,
 * and let the key before it sign again, also one that was ended as compromised.
 *
 * @throws Error where it does not
 */
export function requireWholeTable(
  realm: Realm,
  told: ToldKeys | undefined,
  rows: readonly KeyRow[],
): void {
  if (!told || keysDigest(rows, told.sequence) === told.keys) return;
  const table = keyTableOf(realm);
  throw new Error(`${table} is not what the log says: rows up to the key ${told.kid} differ`);
}

import type { SessionsContext } from '../../context.ts';
import { publicHalf } from '../create-key-ring.ts';
import { PUBLISHED_FIRST_MS, RETIRING_MS, type KeyRow } from '../domain/key-ring.ts';
import { beginKeys } from './rotate-keys.ts';
import { recordKey, requireWholeTable, toldKeys } from './record-key.ts';

/**
 * At the start: reads the keys, and takes over what the settings have that was never seen. The first
 * time their newest key signs at once; later one is published first, as other processes know nothing
 * of it yet. A key that was replaced here is not taken again, whatever the settings still say.
 */
export async function openKeys(context: SessionsContext): Promise<void> {
  const { clock, keys, signingKeys, storage } = context;
  const nowMs = clock.now();
  const told = await toldKeys(context);
  await storage.transaction(async (tx) => {
    const { foreign, nextSequence, rows: stored } = await keys.rows.all(tx);
    // Whoever writes the table may stop the start, and make nothing true by it.
    if (foreign) throw foreign;
    requireWholeTable(context.realm, told, stored);
    const seen = new Map(stored.map(({ kid, publicJwk }) => [kid, publicJwk]));
    const isFirst = stored.length === 0;
    const signsFromMs = isFirst ? nowMs : nowMs + PUBLISHED_FIRST_MS;
    let sequence = nextSequence;
    const present = [...stored];
    // The settings list the newest first; only their newest is to sign.
    const taken = isFirst ? signingKeys.toReversed() : signingKeys.slice(0, 1);
    for (const key of taken) {
      if (!key.kid) continue;
      const before = seen.get(key.kid);
      if (before && before.x !== key.x) {
        throw new Error(`the signing key ${key.kid} has the name of another one from before`);
      }
      if (before) continue;
      const row: KeyRow = {
        sequence,
        kid: key.kid,
        publicJwk: publicHalf({ ...key, alg: 'ES256', use: 'sig' }),
        privateJwk: key,
        publishedAtMs: nowMs,
        signsFromMs,
        olderUntilMs: signsFromMs + RETIRING_MS,
        because: 'settings',
      };
      if (await keys.rows.insert(tx, row)) {
        await recordKey(context, tx, { row, before: present });
        present.push(row);
      }
      sequence += 1;
    }
  });
  if (signingKeys.length === 0) await beginKeys(context);
  await keys.follow();
}

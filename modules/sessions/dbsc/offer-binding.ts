import type { SessionsContext } from '../context.ts';
import type { SessionRow } from '../store/tables.ts';
import { makeChallenge } from './challenge.ts';
import { algorithms, challengeSeconds, registrationPath } from './names.ts';
import { findDeviceKey } from './store/device-key-rows.ts';

/**
 * The `Secure-Session-Registration` header (DBSC §8.1) for a session whose subject has just proved
 * themselves and that no device holds yet; `undefined` where there is nothing to offer. Browsers that
 * do not know it pass over it. Over http, which is for `*.localhost`, none would take it.
 */
export async function offerBinding(
  context: SessionsContext,
  row: Pick<SessionRow, 'session_id'>,
): Promise<string | undefined> {
  const { clock, cookieKeys, random, staffOrigin, storage, tenant } = context;
  if (!staffOrigin.startsWith('https:')) return undefined;
  if (await findDeviceKey(storage.db, tenant, row.session_id)) return undefined;
  const challenge = makeChallenge(
    { keys: cookieKeys, random },
    {
      purpose: 'register',
      sessionId: row.session_id,
      expiresAtMs: clock.now() + challengeSeconds * 1000,
    },
  );
  return `(${algorithms.join(' ')});path="${registrationPath}";challenge="${challenge}"`;
}

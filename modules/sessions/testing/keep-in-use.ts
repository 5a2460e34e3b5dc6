import { sql } from 'kysely';
import type { Clock } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';

/** As if somebody had worked in a session up to now: it is not left alone, hence not locked. */
export async function keepInUse(storage: Storage, clock: Clock, sessionId: unknown): Promise<void> {
  const now = new Date(clock.now());
  await sql`UPDATE sessions SET last_seen_at = ${now} WHERE session_id = ${sessionId}`.execute(
    storage.db,
  );
}

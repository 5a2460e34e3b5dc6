import type { RunningServer } from '@proofline/server/start';
import { sql } from 'kysely';

/** Makes the staff’s own proofs look older. */
export async function ageProofs(server: RunningServer, seconds: number): Promise<void> {
  const { storage, tenant } = server.composition;
  const interval = sql`make_interval(secs => ${seconds})`;
  await sql`update sessions set phr_at = phr_at - ${interval}, phrh_at = phrh_at - ${interval}
    where tenant = ${tenant} and realm = 'workforce'`.execute(storage.db);
}

/** Makes the proofs of customers who are on a call look older. */
export async function ageCustomersProofs(server: RunningServer, seconds: number): Promise<void> {
  const { storage, tenant } = server.composition;
  await sql`update proofs set bound_at = bound_at - make_interval(secs => ${seconds})
    where tenant = ${tenant} and ended_at is null`.execute(storage.db);
}

/** Makes open requests for proof run out sooner. */
export async function ageRequests(server: RunningServer, seconds: number): Promise<void> {
  const { storage, tenant } = server.composition;
  await sql`update proof_requests set expires_at = expires_at - make_interval(secs => ${seconds})
    where tenant = ${tenant} and state = 'open'`.execute(storage.db);
}

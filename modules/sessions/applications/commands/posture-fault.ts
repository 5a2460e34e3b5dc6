import type { ApplicationPolicy } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { findDeviceKey } from '../../dbsc/store/device-key-rows.ts';
import type { SessionRow } from '../../store/tables.ts';
import { whyPostureUnmet } from '../domain/posture.ts';

/** What the policy of an application demands of this session’s machine and browser, and does not get. */
export async function postureFault(
  { tenant }: SessionsContext,
  db: Db,
  { policy, row }: { readonly policy: ApplicationPolicy; readonly row: SessionRow },
): Promise<string | undefined> {
  const isBound =
    policy.boundToDevice === true &&
    (await findDeviceKey(db, tenant, row.session_id)) !== undefined;
  return whyPostureUnmet(policy, { mode: row.mode, isBound });
}

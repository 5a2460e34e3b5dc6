import { refusal, type Ceremony } from '../ceremony.ts';

/** What cannot be backed up is not backed up (WebAuthn L3 §7.1 step 17, §7.2 step 18). */
export function checkBackupFlags({ authenticatorData }: Ceremony) {
  const { backupEligible, backedUp } = authenticatorData;
  if (backupEligible || !backedUp) return undefined;
  return refusal('backup-flags-impossible', 'BS without BE');
}

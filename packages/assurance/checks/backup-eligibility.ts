import { refusal, type AssertionCeremony } from '../ceremony.ts';

/**
 * Backup eligibility never changes (WebAuthn L3 §6.1.3, §7.2 step 19): a device-bound credential
 * that turns up as a synced one is not the one that was registered. The library does not look.
 */
export function checkBackupEligibility({ authenticatorData, stored }: AssertionCeremony) {
  if (authenticatorData.backupEligible === stored.backupEligible) return undefined;
  return refusal('backup-eligibility-changed', `BE was ${stored.backupEligible} at registration`);
}

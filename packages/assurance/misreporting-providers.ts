/** A provider that has been seen to say BE = 0 of passkeys that can be copied. */
export interface MisreportingProvider {
  readonly aaguid: string;
  readonly name: string;
  /** Where it was seen and can be read. */
  readonly source: string;
}

/**
 * Passkeys of these never are `phrh`, and never count as device-bound, whatever they say of themselves.
 *
 * Add one with its source. Versions cannot be told apart: an AAGUID names a model and not a release, so
 * that a provider that has mended its ways stays here while older ones of its passkeys are in use.
 */
export const misreportingProviders: readonly MisreportingProvider[] = [
  {
    aaguid: '53414d53-554e-4700-0000-000000000000',
    name: 'Samsung Pass',
    source: 'https://github.com/passkeydeveloper/passkeys.dev/issues/392',
  },
  {
    aaguid: 'fdb141b2-5d84-443e-8a35-4698c205a502',
    name: 'KeePassXC (before 2.7.12)',
    source: 'https://github.com/keepassxreboot/keepassxc/issues/11977',
  },
  {
    aaguid: 'd548826e-79b4-db40-a3d8-11116f7e8349',
    name: 'Bitwarden (until early 2024)',
    source: 'https://github.com/bitwarden/clients/issues/7943',
  },
];

/** Whether what this model says about backups counts for nothing. */
export function isMisreporting(aaguid: string): boolean {
  return misreportingProviders.some((provider) => provider.aaguid === aaguid);
}

import { bytesToHex } from '@proofline/kernel';

/** The 16 bytes of an AAGUID as a lower-case UUID. */
export function formatAaguid(bytes: Uint8Array): string {
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

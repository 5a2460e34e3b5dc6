import { hexToBytes } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';

interface AuthenticatorDataParts {
  readonly rpId: string;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
  /** Attested credential data, at registration. */
  readonly attested?: Uint8Array;
  readonly trailingBytes?: Uint8Array;
}

/** Authenticator data (WebAuthn L3 §6.1). */
export function authenticatorDataBytes(parts: AuthenticatorDataParts): Uint8Array<ArrayBuffer> {
  const flags =
    (parts.userPresent ? 0x01 : 0) |
    (parts.userVerified ? 0x04 : 0) |
    (parts.backupEligible ? 0x08 : 0) |
    (parts.backedUp ? 0x10 : 0) |
    (parts.attested ? 0x40 : 0);
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, parts.counter);
  return concatBytes(
    sha256(parts.rpId),
    Uint8Array.of(flags),
    counter,
    parts.attested ?? new Uint8Array(),
    parts.trailingBytes ?? new Uint8Array(),
  );
}

/** Attested credential data (WebAuthn L3 §6.5.1). */
export function attestedCredentialBytes(
  aaguid: string,
  credentialId: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const model = hexToBytes(aaguid.replaceAll('-', ''));
  if (model?.length !== 16) throw new Error(`not an AAGUID: ${aaguid}`);
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, credentialId.length);
  return concatBytes(model, length, credentialId, publicKey);
}

/** Bytes, one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

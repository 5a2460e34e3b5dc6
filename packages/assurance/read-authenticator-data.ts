import { parseAuthenticatorData } from '@simplewebauthn/server/helpers';

/** The authenticator's own words (WebAuthn L3 §6.1). */
export interface AuthenticatorData {
  /** The bytes as they came: what is signed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rpIdHash: Uint8Array;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
  /** Only at registration. */
  readonly attested?: AttestedCredential;
}

/** A new credential (WebAuthn L3 §6.5.1). */
export interface AttestedCredential {
  readonly aaguid: Uint8Array;
  readonly credentialId: Uint8Array;
  /** COSE_Key in CBOR. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** Reads authenticator data; `undefined` when it is cut short, too long, or not CBOR where it must be. */
export function readAuthenticatorData(
  bytes: Uint8Array<ArrayBuffer>,
): AuthenticatorData | undefined {
  try {
    const parsed = parseAuthenticatorData(bytes);
    const { aaguid, credentialID: credentialId, credentialPublicKey: publicKey, flags } = parsed;
    return {
      bytes,
      rpIdHash: parsed.rpIdHash,
      userPresent: flags.up,
      userVerified: flags.uv,
      backupEligible: flags.be,
      backedUp: flags.bs,
      counter: parsed.counter,
      ...(aaguid && credentialId && publicKey
        ? { attested: { aaguid, credentialId, publicKey } }
        : {}),
    };
  } catch {
    return undefined;
  }
}

import type { CeremonyCredential } from '../types.ts';

/** What an authenticator or its client does otherwise than it should. Absent members: honest. */
export interface Misbehaviour {
  /** The client claims to have been on this origin. */
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  /** `absent` leaves the member out. */
  readonly crossOrigin?: boolean | 'absent';
  readonly topOrigin?: string;
  /** The authenticator answers for another RP ID. */
  readonly rpId?: string;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly counter?: number;
  /** Signs with a fresh key, flips one bit, or sends none. */
  readonly signature?: 'other-key' | 'bit-flipped' | 'empty';
  /** base64url; `null` sends none. */
  readonly userHandle?: string | null;
  /** The client names another credential (base64url). */
  readonly credentialId?: string;
  /** The authenticator claims another model. */
  readonly aaguid?: string;
  /** `self`: signed by the new key itself; `none`: no statement at all. */
  readonly attestation?: 'none' | 'self';
  /** The attestation object names another format. */
  readonly format?: string;
  /** The statement's `alg` is another one. */
  readonly statementAlgorithm?: number;
  /** The statement's signature is over something else. */
  readonly statementSignature?: 'bit-flipped';
  /** Authenticator extension data (CBOR) after the credential, honest or not. */
  readonly trailingBytes?: Uint8Array;
  /** Outputs of client extensions that nobody asked for. */
  readonly extensionOutputs?: CeremonyCredential['clientExtensionResults'];
  /** An assertion that brings a key along, as a registration does. */
  readonly bringsKey?: boolean;
}

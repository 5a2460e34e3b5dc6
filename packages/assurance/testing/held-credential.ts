import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyKind } from './credential-key.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** A request to create a credential, as a page on `origin` would make it. */
export interface RegistrationRequest {
  /** The options as they came: `publicKey` of `CeremonyOptions`. */
  readonly options: unknown;
  readonly origin: string;
  readonly misbehave?: Misbehaviour;
}

/** A request to use a credential. */
export interface AssertionRequest extends RegistrationRequest {
  /** Which credential to use (base64url), when the options leave the choice. Default: the newest. */
  readonly credentialId?: string;
}

/** A credential that the authenticator holds. */
export interface HeldCredential {
  readonly credentialId: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly keyKind: KeyKind;
  /** PKCS #8 in PEM. */
  readonly privateKeyPem: string;
  counter: number;
}

/** The halves of a held credential's key. */
export function keysOf(credential: HeldCredential) {
  const privateKey = createPrivateKey(credential.privateKeyPem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

import type { CeremonyOptions, CredentialJson } from '@proofline/protocol';

type PublicKey = CeremonyOptions['publicKey'];
type Credential = CredentialJson['credential'];

/** Whatever answers `navigator.credentials`: the software authenticator here, a real one in a browser. */
export interface PasskeyHolder {
  create(publicKey: PublicKey, origin: string): Promise<Credential>;
  get(publicKey: PublicKey, origin: string): Promise<Credential>;
}

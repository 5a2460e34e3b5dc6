/** A private key with the certificate by which service providers know it. */
export interface SamlKey {
  readonly privateKeyPem: string;
  /** Base64 of the DER. */
  readonly certificate: string;
}

/** Where the keys are kept: a small port, so that they may be rotated there. */
export interface SamlKeys {
  /** The one that signs now. */
  current(): SamlKey;
  /** Certificates that our metadata names, the one that signs first. */
  published(): readonly string[];
}

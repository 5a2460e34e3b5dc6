import type { Acr, CredentialJson } from '@proofline/protocol';

/** What the browser answered: `RegistrationResponseJSON` or `AuthenticationResponseJSON` (WebAuthn L3 §5.1.8). */
export type CeremonyCredential = CredentialJson['credential'];

/** Options for `navigator.credentials.create` in JSON (`PublicKeyCredentialCreationOptionsJSON`). */
// A type alias, not an interface: only that is assignable to a JSON object.
export type RegistrationOptionsJson = {
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  challenge: string;
  pubKeyCredParams: { type: 'public-key'; alg: number }[];
  timeout: number;
  excludeCredentials: { type: 'public-key'; id: string }[];
  authenticatorSelection: {
    residentKey: 'required';
    requireResidentKey: true;
    userVerification: 'required';
    authenticatorAttachment?: 'cross-platform';
  };
  hints?: ('security-key' | 'hybrid')[];
  attestation: 'none' | 'direct';
};

/** Options for `navigator.credentials.get` in JSON (`PublicKeyCredentialRequestOptionsJSON`). */
export type AssertionOptionsJson = {
  rpId: string;
  challenge: string;
  timeout: number;
  allowCredentials: { type: 'public-key'; id: string }[];
  userVerification: 'required';
  hints?: ('security-key' | 'hybrid')[];
};

/** What the relying party itself knows about the ceremony: nothing here comes from the answer. */
export interface ExpectedCeremony {
  /** The challenge that was handed out, base64url. */
  readonly challenge: string;
  /** The one origin, compared as a whole: scheme, host and port. */
  readonly origin: string;
  readonly rpId: string;
  /**
   * base64url. Registration: the handle that the options carried (recorded with the credential).
   * Assertion: given when the subject was known before the ceremony; then nobody else may answer.
   */
  readonly userHandle?: string;
  /** Assertion of a known subject: the credential ids that the options named. Then no other may answer. */
  readonly allow?: readonly string[];
}

/** What an assertion is for: each has its own column in the table of checks. */
export type AssertionFlow = 'signIn' | 'stepUp' | 'customerProof';

/** One line of an authenticator model's status in the FIDO Metadata Service (MDS3 §3.1.4). */
export interface AuthenticatorStatus {
  readonly aaguid: string;
  /** `FIDO_CERTIFIED_L2`, `REVOKED`, …: unknown words count as not clean. */
  readonly status: string;
}

/** Which hardware a realm believes. Handed in as data; read anew at every ceremony. */
export interface AttestationPolicy {
  /** Certificates (PEM) of the authorities that attest hardware. None: nobody reaches `phrh`. */
  readonly authorities: readonly string[];
  /** Models that may be `phrh`, as lower-case UUIDs. */
  readonly allowedAaguids: readonly string[];
  /** A model without any status is not clean (a missing signal never widens). */
  readonly statuses: readonly AuthenticatorStatus[];
  /** Models that are refused, whatever else speaks for them. */
  readonly deniedAaguids?: readonly string[];
  /** What the makers' metadata says. Absent: none is used, and the operator's own words are all there is. */
  readonly metadata?: MetadataInUse | undefined;
}

/** What a verified metadata blob says of one model. */
export interface ModelMetadata {
  readonly description: string;
  /** Certificates (PEM) under which this model, and no other, is attested. */
  readonly authorities: readonly string[];
  /** Words of its status reports (MDS3 §3.1.4). */
  readonly statuses: readonly string[];
  /** Whether its keys lie in hardware (`keyProtection`); `undefined` when it does not say. */
  readonly keyInHardware: boolean | undefined;
}

/** Metadata as the ceremonies use it. Without a blob it is empty, and vouches for nobody. */
export interface MetadataInUse {
  /** Until then it can make somebody `phrh`; what it took away stays away (milliseconds). */
  readonly vouchesUntilMs: number;
  /** By AAGUID, lower case. */
  readonly models: ReadonlyMap<string, ModelMetadata>;
}

/** A credential as it is kept. Binary members are base64url. */
export interface StoredCredential {
  readonly credentialId: string;
  /** COSE_Key (RFC 9052 §7). */
  readonly publicKey: string;
  /** COSE algorithm: -7 ES256, -8 EdDSA, -257 RS256. */
  readonly algorithm: number;
  readonly counter: number;
  /** Never changes in a credential's life (WebAuthn L3 §6.1.3). */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** Lower-case UUID. Unsigned, hence only a claim, unless the attestation is rooted. */
  readonly aaguid: string;
  /** The level at registration. What holds today is in {@link AssertionResult}. */
  readonly acr: Acr;
  readonly attestationFormat: string;
  /** Kept whole, so that the level can be evaluated anew when a policy or a status changes. */
  readonly attestationObject: string;
  readonly transports: readonly string[];
  readonly userHandle: string;
}

/** A credential as a successful registration yields it. */
export type RegisteredCredential = StoredCredential;

/** What a successful assertion says. Store `counter` and `backedUp`; nothing else may change. */
export interface AssertionResult {
  readonly acr: Acr;
  /** RFC 8176 and OpenID EAP: `pop`, then `hwk` or `swk`, then `user`. */
  readonly amr: readonly string[];
  readonly counter: number;
  readonly backedUp: boolean;
  readonly userVerified: true;
}

/** Why a ceremony was refused. For evidence and logs; the person is only ever told «try again». */
export const ceremonyRefusalCodes = [
  'malformed',
  'type-wrong',
  'challenge-wrong',
  'origin-wrong',
  'cross-origin',
  'top-origin',
  'rp-id-wrong',
  'user-not-present',
  'user-not-verified',
  'backup-flags-impossible',
  'backup-eligibility-changed',
  'credential-id-wrong',
  'credential-not-offered',
  'subject-wrong',
  'user-handle-missing',
  'user-handle-wrong',
  'key-unasked',
  'extension-unasked',
  'algorithm-not-allowed',
  'attestation-format-unsupported',
  'attestation-invalid',
  'model-denied',
  'authenticator-compromised',
  'signature-wrong',
  'counter-regressed',
] as const;
/** One of {@link ceremonyRefusalCodes}. */
export type CeremonyRefusalCode = (typeof ceremonyRefusalCodes)[number];

/** A refused ceremony. `internal` names no person and no secret, and is never shown. */
export interface CeremonyRefusal {
  readonly code: CeremonyRefusalCode;
  readonly internal: string;
}

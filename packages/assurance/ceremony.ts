import type { CeremonyClientData } from './read-client-data.ts';
import type { AuthenticatorData } from './read-authenticator-data.ts';
import type { Attestation } from './read-attestation.ts';
import type {
  AttestationPolicy,
  CeremonyCredential,
  CeremonyRefusal,
  CeremonyRefusalCode,
  ExpectedCeremony,
  StoredCredential,
} from './types.ts';

/** What both ceremonies have, read but not yet believed. */
export interface Ceremony {
  readonly credential: CeremonyCredential;
  readonly expected: ExpectedCeremony;
  readonly policy: AttestationPolicy;
  /** Milliseconds since the Unix epoch: certificates are valid, or not, at this time. */
  readonly nowMs: number;
  readonly clientData: CeremonyClientData;
  readonly authenticatorData: AuthenticatorData;
}

/** A registration whose parts have been read. */
export interface RegistrationCeremony extends Ceremony {
  readonly attestation: Attestation;
}

/** An assertion whose parts have been read. */
export interface AssertionCeremony extends Ceremony {
  readonly stored: StoredCredential;
  readonly signature: Uint8Array<ArrayBuffer>;
}

type Verdict = CeremonyRefusal | undefined;

/** One check: answers the refusal, or nothing when there is nothing to object to. */
export type Check<C extends Ceremony> = (ceremony: C) => Verdict | Promise<Verdict>;

/** A refusal, as a check answers it. */
export function refusal(code: CeremonyRefusalCode, internal: string): CeremonyRefusal {
  return { code, internal };
}

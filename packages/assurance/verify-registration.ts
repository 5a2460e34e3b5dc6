import { bytesToBase64url, err, ok, type Result } from '@proofline/kernel';
import { assuranceLevel } from './assurance-level.ts';
import { refusal, type RegistrationCeremony } from './ceremony.ts';
import { readAlgorithm } from './checks/algorithm.ts';
import { formatAaguid } from './format-aaguid.ts';
import { readAttestation } from './read-attestation.ts';
import { readClientData } from './read-client-data.ts';
import { table } from './table.ts';
import type {
  AttestationPolicy,
  CeremonyCredential,
  CeremonyRefusal,
  ExpectedCeremony,
  RegisteredCredential,
} from './types.ts';

/** An answered registration and everything that it is held against. */
export interface RegistrationInput {
  readonly credential: CeremonyCredential;
  readonly expected: ExpectedCeremony & { readonly userHandle: string };
  readonly policy: AttestationPolicy;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/**
 * Verifies a registration (WebAuthn L3 §7.1) by every check of the table, and evaluates its level.
 *
 * The caller still has to see that the challenge was used once, and that no other subject has a
 * credential with this id (§7.1 step 26).
 */
export async function verifyRegistration(
  input: RegistrationInput,
): Promise<Result<RegisteredCredential, CeremonyRefusal>> {
  const ceremony = readRegistration(input);
  if (ceremony === undefined) return err(refusal('malformed', 'not a registration response'));
  for (const { registration } of table) {
    const refused = await registration?.(ceremony);
    if (refused) return err(refused);
  }
  return describe(ceremony, input.expected.userHandle);
}

/** Reads an answer's parts; `undefined` when it is none. */
export function readRegistration(input: RegistrationInput): RegistrationCeremony | undefined {
  const { clientDataJSON, attestationObject } = input.credential.response;
  const clientData = readClientData(clientDataJSON);
  const attestation = readAttestation(attestationObject ?? '');
  if (clientData === undefined || attestation === undefined) return undefined;
  const { authenticatorData } = attestation;
  return { ...input, clientData, authenticatorData, attestation };
}

function describe(
  { attestation, authenticatorData, credential, nowMs, policy }: RegistrationCeremony,
  userHandle: string,
): Result<RegisteredCredential, CeremonyRefusal> {
  const algorithm = readAlgorithm(attestation.attested.publicKey);
  const { attestationObject, transports } = credential.response;
  if (algorithm === undefined || attestationObject === undefined) {
    return err(refusal('malformed', 'not a registration response'));
  }
  const { backupEligible, backedUp, counter } = authenticatorData;
  const aaguid = formatAaguid(attestation.attested.aaguid);
  const publicKey = bytesToBase64url(attestation.attested.publicKey);
  const facts = { backupEligible, backedUp, aaguid, publicKey, attestationObject };
  return ok({
    credentialId: credential.id,
    ...facts,
    algorithm,
    counter,
    acr: assuranceLevel(facts, { policy, nowMs }),
    attestationFormat: attestation.format,
    transports: transports ?? [],
    userHandle,
  });
}

import { base64urlToBytes, err, ok, type Result } from '@proofline/kernel';
import { assuranceLevel } from './assurance-level.ts';
import { refusal, type AssertionCeremony } from './ceremony.ts';
import { readAuthenticatorData } from './read-authenticator-data.ts';
import { readClientData } from './read-client-data.ts';
import { table } from './table.ts';
import type {
  AssertionFlow,
  AssertionResult,
  AttestationPolicy,
  CeremonyCredential,
  CeremonyRefusal,
  ExpectedCeremony,
  StoredCredential,
} from './types.ts';

/** An answered assertion and everything that it is held against. */
export interface AssertionInput {
  readonly credential: CeremonyCredential;
  /** Which column of the table; default `stepUp` when a subject is expected, else `signIn`. */
  readonly flow?: AssertionFlow;
  /** With `userHandle` when the subject was known before: then nobody else may answer. */
  readonly expected: ExpectedCeremony;
  /** The record of the credential that the answer names. */
  readonly stored: StoredCredential;
  readonly policy: AttestationPolicy;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/**
 * Verifies an assertion (WebAuthn L3 §7.2) by every check of the table, and evaluates the level that
 * the credential has today: an authority, model or status that is no longer good drops it to `phr`.
 *
 * On a refusal nothing of the answer may be stored. The caller still has to see that the challenge
 * was used once.
 */
export async function verifyAssertion(
  input: AssertionInput,
): Promise<Result<AssertionResult, CeremonyRefusal>> {
  const ceremony = readAssertion(input);
  if (ceremony === undefined) return err(refusal('malformed', 'not an authentication response'));
  const flow = input.flow ?? (input.expected.userHandle === undefined ? 'signIn' : 'stepUp');
  for (const row of table) {
    const refused = await row[flow]?.(ceremony);
    if (refused) return err(refused);
  }
  const { backupEligible, backedUp, counter } = ceremony.authenticatorData;
  const acr = assuranceLevel({ ...input.stored, backupEligible, backedUp }, input);
  // RFC 8176 §2: proof of possession of a hardware- or software-held key, and user presence.
  const amr = ['pop', acr === 'phrh' ? 'hwk' : 'swk', 'user'];
  return ok({ acr, amr, counter, backedUp, userVerified: true });
}

/** Reads an answer's parts; `undefined` when it is none. */
export function readAssertion(input: AssertionInput): AssertionCeremony | undefined {
  const { response } = input.credential;
  const clientData = readClientData(response.clientDataJSON);
  const bytes = base64urlToBytes(response.authenticatorData ?? '');
  const signature = base64urlToBytes(response.signature ?? '');
  const authenticatorData = bytes && readAuthenticatorData(bytes);
  if (clientData === undefined || authenticatorData === undefined) return undefined;
  if (signature === undefined || signature.length === 0) return undefined;
  return { ...input, clientData, authenticatorData, signature };
}

import { bytesToBase64url, type Random, type Result } from '@proofline/kernel';
import { assertionOptions } from '../assertion-options.ts';
import { registrationOptions } from '../registration-options.ts';
import type {
  AssertionFlow,
  AssertionResult,
  AttestationPolicy,
  CeremonyCredential,
  CeremonyRefusal,
  RegisteredCredential,
  StoredCredential,
} from '../types.ts';
import { verifyAssertion } from '../verify-assertion.ts';
import { verifyRegistration } from '../verify-registration.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { SoftwareAuthenticator } from './software-authenticator.ts';

interface TestRelyingPartyOptions {
  readonly origin: string;
  readonly rpId: string;
  readonly policy: AttestationPolicy;
  readonly nowMs: number;
  readonly random: Random;
}

interface Twist {
  readonly misbehave?: Misbehaviour;
  /** Changes the answer on its way. */
  readonly tamper?: (credential: CeremonyCredential) => CeremonyCredential;
  readonly policy?: AttestationPolicy;
  readonly nowMs?: number;
}

interface RegistrationTwist extends Twist {
  readonly attestation?: 'none' | 'direct';
}

interface AssertionTwist extends Twist {
  /** The record that the relying party looks up. */
  readonly stored: StoredCredential;
  /** The subject whom the relying party already knows. */
  readonly userHandle?: string;
  readonly challenge?: string;
  /** Default: `stepUp` when a handle is expected, else `signIn`. */
  readonly flow?: AssertionFlow;
  /** The credentials that the options name. */
  readonly allow?: readonly string[];
}

/** The other side of a ceremony, for tests: hands out options and verifies what comes back. */
export interface TestRelyingParty {
  register(
    device: SoftwareAuthenticator,
    twist?: RegistrationTwist,
  ): Promise<Result<RegisteredCredential, CeremonyRefusal>>;
  assert(
    device: SoftwareAuthenticator,
    twist: AssertionTwist,
  ): Promise<Result<AssertionResult, CeremonyRefusal>>;
}

/** Makes a relying party for tests. */
export function createTestRelyingParty(rp: TestRelyingPartyOptions): TestRelyingParty {
  const { origin, rpId } = rp;
  const fresh = () => bytesToBase64url(rp.random.bytes(32));
  return {
    async register(device, twist = {}) {
      const { misbehave = {}, tamper = (answer) => answer, policy = rp.policy } = twist;
      const expected = { challenge: fresh(), origin, rpId, userHandle: fresh() };
      const options = registrationOptions({
        rp: { id: rpId, name: 'Example' },
        user: { handle: expected.userHandle, name: 'anna', displayName: 'Anna' },
        challenge: expected.challenge,
        exclude: [],
        attestation: twist.attestation ?? 'direct',
      });
      const credential = tamper(await device.register({ options, origin, misbehave }));
      return verifyRegistration({ credential, expected, policy, nowMs: twist.nowMs ?? rp.nowMs });
    },
    async assert(device, twist) {
      const { misbehave = {}, tamper = (answer) => answer, policy = rp.policy } = twist;
      const { stored, userHandle, allow, flow, challenge = fresh() } = twist;
      const options = assertionOptions({ rpId, challenge, allow: [] });
      const credential = tamper(await device.assert({ options, origin, misbehave }));
      const whom = { ...(userHandle && { userHandle }), ...(allow && { allow }) };
      const expected = { challenge, origin, rpId, ...whom };
      const nowMs = twist.nowMs ?? rp.nowMs;
      return verifyAssertion({
        credential,
        expected,
        stored,
        policy,
        nowMs,
        ...(flow && { flow }),
      });
    },
  };
}

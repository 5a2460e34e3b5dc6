import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import {
  assertionOptions,
  registrationOptions,
  verifyAssertion,
  verifyRegistration,
  type CeremonyCredential,
  type StoredCredential,
} from './index.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  type TestAuthority,
} from './testing/index.ts';

const random = seededRandom('altered bytes');
const origin = 'http://staff.localhost:4400';
const rpId = 'staff.localhost';
const nowMs = Date.UTC(2026, 10, 2, 9);
const challenge = bytesToBase64url(random.bytes(32));
const userHandle = bytesToBase64url(random.bytes(32));
const settings = { seed: 20_261_121, numRuns: 400 };

let authority: TestAuthority;
let registration: CeremonyCredential;
let assertion: CeremonyCredential;
let stored: StoredCredential;

beforeAll(async () => {
  authority = await createTestAuthority();
  const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
  const rp = { id: rpId, name: 'Example' };
  const user = { handle: userHandle, name: 'anna', displayName: 'Anna' };
  const attestation = 'direct';
  const options = registrationOptions({ rp, user, challenge, exclude: [], attestation });
  registration = await device.register({ options, origin });
  const registered = await register(registration);
  if (!registered.ok) throw new Error(registered.error.internal);
  stored = registered.value;
  const asking = assertionOptions({ rpId, challenge, allow: [stored.credentialId] });
  assertion = await device.assert({ options: asking, origin });
});

const register = (credential: CeremonyCredential) =>
  verifyRegistration({
    credential,
    expected: { challenge, origin, rpId, userHandle },
    policy: authority.policy,
    nowMs,
  });

const assert = (credential: CeremonyCredential) =>
  verifyAssertion({
    credential,
    expected: { challenge, origin, rpId, userHandle, allow: [stored.credentialId] },
    stored,
    policy: authority.policy,
    nowMs,
  });

type Member = 'clientDataJSON' | 'authenticatorData' | 'signature' | 'attestationObject';

/** Flips one bit, cuts the end off, or appends a byte. */
const alteration = fc.oneof(
  fc.record({
    kind: fc.constant('flip' as const),
    at: fc.nat(),
    bit: fc.integer({ max: 7, min: 0 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), bit: fc.constant(0) }),
  fc.record({ kind: fc.constant('append' as const), at: fc.nat(), bit: fc.constant(0) }),
);
type Alteration = typeof alteration extends fc.Arbitrary<infer A> ? A : never;

function altered(credential: CeremonyCredential, member: Member, { at, bit, kind }: Alteration) {
  const bytes = base64urlToBytes(credential.response[member] ?? '') ?? new Uint8Array();
  const place = at % bytes.length;
  if (kind === 'flip') bytes[place]! ^= 1 << bit;
  const changed =
    kind === 'cut'
      ? bytes.slice(0, place)
      : kind === 'append'
        ? Uint8Array.of(...bytes, at % 256)
        : bytes;
  const response = { ...credential.response, [member]: bytesToBase64url(changed) };
  return { ...credential, response };
}

describe('whatever byte is altered', () => {
  it('no assertion is accepted', async () => {
    const member = fc.constantFrom<Member>('clientDataJSON', 'authenticatorData', 'signature');
    await fc.assert(
      fc.asyncProperty(member, alteration, async (name, change) => {
        expect((await assert(altered(assertion, name, change))).ok).toBe(false);
      }),
      settings,
    );
    // The one that was altered would have been good.
    expect((await assert(assertion)).ok).toBe(true);
  });

  it('no bit of what an authenticator signed can be another', async () => {
    const bytes = base64urlToBytes(registration.response.attestationObject ?? '') ?? [];
    // The head of the object, with the whole signature of the statement.
    for (let at = 0; at < 110; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const change = { kind: 'flip', at, bit } as const;
        const result = await register(altered(registration, 'attestationObject', change));
        expect([at, bit, result.ok && result.value.acr === 'phrh']).toEqual([at, bit, false]);
      }
    }
    expect(bytes.length).toBeGreaterThan(110);
  });

  it('no registration is phrh', async () => {
    const member = fc.constantFrom<Member>('clientDataJSON', 'attestationObject');
    await fc.assert(
      fc.asyncProperty(member, alteration, async (name, change) => {
        const result = await register(altered(registration, name, change));
        // A certificate's own padding may be lost on the verifier; the level never is gained by it.
        expect(result.ok && result.value.acr === 'phrh').toBe(false);
      }),
      settings,
    );
    expect(await register(registration)).toMatchObject({ ok: true, value: { acr: 'phrh' } });
  });

  it('no stored record that was altered verifies what its key did not sign', async () => {
    await fc.assert(
      fc.asyncProperty(alteration, async (change) => {
        const bytes = base64urlToBytes(stored.publicKey) ?? new Uint8Array();
        const place = change.at % bytes.length;
        bytes[place]! ^= 1 << change.bit;
        const exchanged = { ...stored, publicKey: bytesToBase64url(bytes) };
        const result = await verifyAssertion({
          credential: assertion,
          expected: { challenge, origin, rpId, userHandle },
          stored: exchanged,
          policy: authority.policy,
          nowMs,
        });
        expect(result.ok).toBe(false);
      }),
      { ...settings, numRuns: 60 },
    );
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { AssertionCeremony, RegistrationCeremony } from './ceremony.ts';
import { elsewhere, table } from './table.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  type Misbehaviour,
  type TestAuthority,
} from './testing/index.ts';
import { assertionOptions, registrationOptions, verifyRegistration } from './index.ts';
import { readAssertion } from './verify-assertion.ts';
import { readRegistration } from './verify-registration.ts';

const random = seededRandom('table');
const origin = 'http://staff.localhost:4400';
const rpId = 'staff.localhost';
const nowMs = Date.UTC(2026, 10, 2, 9);
const userHandle = 'A'.repeat(43);

let authority: TestAuthority;
beforeAll(async () => {
  authority = await createTestAuthority();
});

interface Broken {
  readonly misbehave?: Misbehaviour;
  readonly registration?: (honest: RegistrationCeremony) => RegistrationCeremony;
  readonly assertion?: (honest: AssertionCeremony) => AssertionCeremony;
}

const flags = (change: object) => {
  const broken = <C extends RegistrationCeremony | AssertionCeremony>(honest: C): C => ({
    ...honest,
    authenticatorData: { ...honest.authenticatorData, ...change },
  });
  return { registration: broken, assertion: broken };
};
const stored = (change: object): Broken => ({
  assertion: (honest) => ({ ...honest, stored: { ...honest.stored, ...change } }),
});
const expected = (change: object): Broken => ({
  assertion: (honest) => ({ ...honest, expected: { ...honest.expected, ...change } }),
});
const policy = (change: (aaguid: string) => object): Broken => ({
  registration: (honest) => ({
    ...honest,
    policy: { ...honest.policy, ...change(authority.aaguid) },
  }),
  assertion: (honest) => ({ ...honest, policy: { ...honest.policy, ...change(authority.aaguid) } }),
});

/** One thing wrong for each row of the table, and nothing else. */
const broken: Readonly<Record<string, Broken>> = {
  offered: expected({ allow: ['BBBB'] }),
  type: { misbehave: { type: 'payment.get' } },
  challenge: { misbehave: { challenge: 'B'.repeat(43) } },
  'digest-challenge': expected({ challenge: 'A'.repeat(22) }),
  origin: { misbehave: { origin: 'https://staff.localhost.evil.example' } },
  'cross-origin': { misbehave: { crossOrigin: true } },
  'top-origin': { misbehave: { topOrigin: origin } },
  'rp-id-hash': { misbehave: { rpId: 'localhost' } },
  'user-present': flags({ userPresent: false }),
  'user-verified': flags({ userVerified: false }),
  'backup-flags': flags({ backedUp: true }),
  extensions: { misbehave: { extensionOutputs: { appid: true } } },
  'credential-id': { misbehave: { credentialId: 'BBBB' } },
  'named-subject': { misbehave: { userHandle: null } },
  'known-subject': expected({ userHandle: 'B'.repeat(43) }),
  'no-new-key': { misbehave: { bringsKey: true } },
  algorithm: {
    registration: (honest) => ({
      ...honest,
      attestation: {
        ...honest.attestation,
        attested: { ...honest.attestation.attested, publicKey: Uint8Array.of(0xa0) },
      },
    }),
    ...stored({ algorithm: -8 }),
  },
  'denied-model': policy((aaguid) => ({ deniedAaguids: [aaguid] })),
  status: policy((aaguid) => ({ statuses: [{ aaguid, status: 'REVOKED' }] })),
  'attestation-format': { misbehave: { format: 'fido-u2f' } },
  attestation: { misbehave: { statementSignature: 'bit-flipped' } },
  signature: { misbehave: { signature: 'other-key' } },
  'backup-eligibility': stored({ backupEligible: true }),
  counter: stored({ counter: 99 }),
};

async function ceremonies(misbehave: Misbehaviour, flow: 'signIn' | 'stepUp' | 'customerProof') {
  const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
  const challenge = bytesToBase64url(random.bytes(32));
  const user = { handle: userHandle, name: 'anna', displayName: 'Anna' };
  const rp = { id: rpId, name: 'Example' };
  const options = registrationOptions({
    rp,
    user,
    challenge,
    exclude: [],
    attestation: 'direct',
  });
  const known = { challenge, origin, rpId };
  const common = { policy: authority.policy, nowMs };
  const registering = { expected: { ...known, userHandle }, ...common };
  const registration = readRegistration({
    credential: await device.register({ options, origin, misbehave }),
    ...registering,
  });
  const honest = await device.register({ options, origin });
  const registered = await verifyRegistration({ credential: honest, ...registering });
  if (!registered.ok) throw new Error(registered.error.internal);
  const record = registered.value;
  const asking = assertionOptions({ rpId, challenge, allow: [] });
  const whom = flow === 'signIn' ? {} : { userHandle, allow: [record.credentialId] };
  const assertion = readAssertion({
    credential: await device.assert({ options: asking, origin, misbehave }),
    expected: { ...known, ...whom },
    stored: record,
    ...common,
  });
  if (!registration || !assertion) throw new Error('the ceremony cannot even be read');
  return { registration, assertion };
}

const cells = table.flatMap((row) =>
  (['registration', 'signIn', 'stepUp', 'customerProof'] as const)
    .filter((flow) => row[flow] !== undefined)
    .map((flow) => ({ name: row.name, flow, row })),
);

describe('every check of every column', () => {
  it.each(cells)('$flow: $name passes what is honest', async ({ flow, row }) => {
    const honest = await ceremonies({}, flow === 'registration' ? 'signIn' : flow);
    const verdict =
      flow === 'registration'
        ? await row.registration?.(honest.registration)
        : await row[flow]?.(honest.assertion);
    expect(verdict).toBeUndefined();
  });

  it.each(cells)('$flow: $name refuses what is broken', async ({ flow, name, row }) => {
    const { assertion, misbehave = {}, registration } = broken[name] ?? {};
    const read = await ceremonies(misbehave, flow === 'registration' ? 'signIn' : flow);
    const verdict =
      flow === 'registration'
        ? await row.registration?.(registration?.(read.registration) ?? read.registration)
        : await row[flow]?.(assertion?.(read.assertion) ?? read.assertion);
    expect(verdict).toMatchObject({ code: expect.any(String) });
  });
});

describe('the table is the specification', () => {
  it.each([
    {
      section: '§7.1',
      last: 29,
      checked: table.flatMap(({ step71 }) => step71 ?? []),
      others: elsewhere.step71,
    },
    {
      section: '§7.2',
      last: 25,
      checked: table.flatMap(({ step72 }) => step72 ?? []),
      others: elsewhere.step72,
    },
  ])('$section: each of its $last steps is carried out somewhere', ({ checked, last, others }) => {
    const steps = Array.from({ length: last }, (_, index) => index + 1);
    const missing = steps.filter((step) => !checked.includes(step) && !Object.hasOwn(others, step));
    expect(missing).toEqual([]);
  });

  it('a step is numbered exactly where it is checked', () => {
    for (const row of table) {
      expect([row.name, row.registration !== undefined]).toEqual([
        row.name,
        row.step71 !== undefined,
      ]);
      const asserts = row.signIn ?? row.stepUp ?? row.customerProof;
      expect([row.name, asserts !== undefined]).toEqual([row.name, row.step72 !== undefined]);
    }
  });
});

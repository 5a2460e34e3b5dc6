import { beforeAll, describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import {
  assertionOptions,
  verifyAssertion,
  type CeremonyCredential,
  type CeremonyRefusalCode,
  type StoredCredential,
} from './index.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestRelyingParty,
  type Misbehaviour,
  type SoftwareAuthenticator,
  type TestAuthority,
  type TestRelyingParty,
} from './testing/index.ts';

const random = seededRandom('forged assertions');
const origin = 'http://staff.localhost:4400';
const rpId = 'staff.localhost';
const nowMs = Date.UTC(2026, 10, 2, 9);

let authority: TestAuthority;
let party: TestRelyingParty;
beforeAll(async () => {
  authority = await createTestAuthority();
  party = createTestRelyingParty({ origin, rpId, policy: authority.policy, nowMs, random });
});

async function enrolled(kind: 'device-bound' | 'synced' = 'device-bound') {
  const device = createSoftwareAuthenticator({ kind, authority, random });
  const result = await party.register(device);
  if (!result.ok) throw new Error(result.error.internal);
  return { device, stored: result.value };
}

const framed = { crossOrigin: true, topOrigin: 'https://evil.example' };

const misbehaving: [string, Misbehaviour, CeremonyRefusalCode][] = [
  ['a registration passed off as an assertion', { type: 'webauthn.create' }, 'type-wrong'],
  ['another challenge', { challenge: 'A'.repeat(43) }, 'challenge-wrong'],
  ['a phishing origin', { origin: 'https://staff-login.example' }, 'origin-wrong'],
  ['the customers’ origin', { origin: 'http://customers.localhost:4400' }, 'origin-wrong'],
  ['our origin with a path', { origin: `${origin}/` }, 'origin-wrong'],
  ['our origin in capitals', { origin: origin.toUpperCase() }, 'origin-wrong'],
  ['no origin', { origin: 'null' }, 'origin-wrong'],
  ['a frame on a foreign page', framed, 'cross-origin'],
  ['a frame on a foreign page that is not named', { crossOrigin: true }, 'cross-origin'],
  ['a client that does not say where it was', { crossOrigin: 'absent' }, 'cross-origin'],
  ['a foreign page on top', { topOrigin: 'https://evil.example' }, 'top-origin'],
  ['our own page on top of ours', { topOrigin: origin }, 'top-origin'],
  ['a U2F answer for our old app', { extensionOutputs: { appid: true } }, 'extension-unasked'],
  ['a payment that nobody asked for', { extensionOutputs: { payment: {} } }, 'extension-unasked'],
  ['a new key brought along', { bringsKey: true }, 'key-unasked'],
  ['the customers’ RP ID', { rpId: 'customers.localhost' }, 'rp-id-wrong'],
  ['nobody there', { userPresent: false }, 'user-not-present'],
  ['somebody unknown there', { userVerified: false }, 'user-not-verified'],
  ['backed up without being eligible', { backedUp: true }, 'backup-flags-impossible'],
  ['device-bound at first, now synced', { backupEligible: true }, 'backup-eligibility-changed'],
  [
    'device-bound at first, now synced and backed up',
    { backupEligible: true, backedUp: true },
    'backup-eligibility-changed',
  ],
  ['another credential’s name', { credentialId: 'A'.repeat(43) }, 'credential-id-wrong'],
  ['another subject’s handle', { userHandle: 'A'.repeat(43) }, 'user-handle-wrong'],
  ['no handle, and nobody known', { userHandle: null }, 'user-handle-missing'],
  ['an empty handle', { userHandle: '' }, 'user-handle-wrong'],
  ['signed by another key', { signature: 'other-key' }, 'signature-wrong'],
  ['one bit of the signature flipped', { signature: 'bit-flipped' }, 'signature-wrong'],
  ['no signature', { signature: 'empty' }, 'malformed'],
  ['the same counter again', { counter: 1 }, 'counter-regressed'],
  ['a counter that goes back to nothing', { counter: 0 }, 'counter-regressed'],
  ['bytes after the counter', { trailingBytes: Uint8Array.of(1) }, 'malformed'],
];

const changed = (change: (response: CeremonyCredential['response']) => object) => {
  return (credential: CeremonyCredential): CeremonyCredential => ({
    ...credential,
    response: { ...credential.response, ...change(credential.response) },
  });
};

const withFlags = (bits: number) =>
  changed(({ authenticatorData = '' }) => {
    const bytes = base64urlToBytes(authenticatorData) ?? new Uint8Array(37);
    bytes[32]! ^= bits;
    return { authenticatorData: bytesToBase64url(bytes) };
  });

const tampering: [string, (credential: CeremonyCredential) => CeremonyCredential, string][] = [
  ['UV set after the authenticator signed', withFlags(0x04), 'signature-wrong'],
  ['no authenticator data', changed(() => ({ authenticatorData: undefined })), 'malformed'],
  [
    '36 bytes of authenticator data',
    changed(() => ({ authenticatorData: 'A'.repeat(48) })),
    'malformed',
  ],
  ['a key promised but not there', withFlags(0x40), 'malformed'],
  ['extensions promised but not there', withFlags(0x80), 'malformed'],
  ['a signature that is not DER', changed(() => ({ signature: 'AAAA' })), 'signature-wrong'],
  ['a signature of zeros', changed(() => ({ signature: 'MAYCAQACAQA' })), 'signature-wrong'],
  ['client data that is null', changed(() => ({ clientDataJSON: 'bnVsbA' })), 'malformed'],
  ['client data after a byte order mark', changed(bom), 'malformed'],
  ['client data in broken UTF-8', changed(() => ({ clientDataJSON: 'eyL_In0' })), 'malformed'],
  ['client data with a space more', changed(space), 'signature-wrong'],
];

function bom({ clientDataJSON }: CeremonyCredential['response']) {
  const bytes = base64urlToBytes(clientDataJSON) ?? new Uint8Array();
  return { clientDataJSON: bytesToBase64url(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes)) };
}

function space({ clientDataJSON }: CeremonyCredential['response']) {
  const bytes = base64urlToBytes(clientDataJSON) ?? new Uint8Array();
  return { clientDataJSON: bytesToBase64url(Uint8Array.of(...bytes, 0x20)) };
}

async function attempt(
  device: SoftwareAuthenticator,
  twist: Parameters<TestRelyingParty['assert']>[1],
) {
  const result = await party.assert(device, twist);
  return result.ok ? 'accepted' : result.error.code;
}

describe('forged assertions: none is accepted', () => {
  it.each(misbehaving)('%s', async (_name, misbehave, code) => {
    const { device, stored } = await enrolled();
    expect(await attempt(device, { stored, misbehave })).toBe(code);
  });

  it.each(tampering)('%s', async (name, tamper, code) => {
    const { device, stored } = await enrolled();
    const misbehave = name.startsWith('UV') ? { userVerified: false } : {};
    expect(await attempt(device, { stored, tamper, misbehave })).toBe(code);
  });

  it('an answer that was given before', async () => {
    const { device, stored } = await enrolled();
    const challenge = bytesToBase64url(random.bytes(32));
    const options = assertionOptions({ rpId, challenge, allow: [] });
    const credential = await device.assert({ options, origin });
    const { policy } = authority;
    const first = { challenge, origin, rpId };
    expect((await verifyAssertion({ credential, expected: first, stored, policy, nowMs })).ok).toBe(
      true,
    );
    const expected = { ...first, challenge: bytesToBase64url(random.bytes(32)) };
    const again = await verifyAssertion({ credential, expected, stored, policy, nowMs });
    expect(again).toMatchObject({ ok: false, error: { code: 'challenge-wrong' } });
  });

  it('a forgotten challenge, answered with a forgotten challenge', async () => {
    const { device, stored } = await enrolled();
    expect(await attempt(device, { stored, challenge: '' })).toBe('challenge-wrong');
  });

  it('a stolen copy used after the original', async () => {
    const { device, stored } = await enrolled();
    const thief = device.clone();
    const honest = await party.assert(device, { stored });
    if (!honest.ok) throw new Error(honest.error.internal);
    const { counter } = honest.value;
    expect(await attempt(thief, { stored: { ...stored, counter } })).toBe('counter-regressed');
  });

  it('a forged answer with a low counter does not look like a clone', async () => {
    const { device, stored } = await enrolled();
    const misbehave = { counter: 0, signature: 'other-key' } as const;
    expect(await attempt(device, { stored, misbehave })).toBe('signature-wrong');
  });

  it('a synced credential that turns device-bound', async () => {
    const { device, stored } = await enrolled('synced');
    const misbehave = { backupEligible: false, backedUp: false };
    expect(await attempt(device, { stored, misbehave })).toBe('backup-eligibility-changed');
  });

  it('a colleague answering the step-up of somebody else', async () => {
    const anna = await enrolled();
    const ben = await enrolled();
    const { userHandle } = anna.stored;
    expect(await attempt(ben.device, { stored: ben.stored, userHandle })).toBe('subject-wrong');
  });

  it.each(['stepUp', 'customerProof'] as const)('%s: nobody in particular', async (flow) => {
    const { device, stored } = await enrolled();
    expect(await attempt(device, { stored, flow })).toBe('subject-wrong');
  });

  it('a sign-in that would take only somebody in particular', async () => {
    const { device, stored } = await enrolled();
    const { userHandle } = stored;
    expect(await attempt(device, { stored, userHandle, flow: 'signIn' })).toBe('subject-wrong');
  });

  it.each(['stepUp', 'customerProof'] as const)(
    '%s: a passkey of theirs that was not asked for',
    async (flow) => {
      const { device, stored } = await enrolled();
      const twist = { stored, flow, userHandle: stored.userHandle };
      expect(await attempt(device, { ...twist, allow: ['B'.repeat(43)] })).toBe(
        'credential-not-offered',
      );
      expect(await attempt(device, { ...twist, allow: [] })).toBe('credential-not-offered');
    },
  );

  it('a customer’s proof over something that is no digest', async () => {
    const { device, stored } = await enrolled('synced');
    const challenge = bytesToBase64url(random.bytes(16));
    const { userHandle } = stored;
    const twist = { stored, userHandle, challenge, flow: 'customerProof' } as const;
    expect(await attempt(device, twist)).toBe('challenge-wrong');
  });

  it('a handle of somebody else in a step-up', async () => {
    const { device, stored } = await enrolled();
    const misbehave = { userHandle: 'A'.repeat(43) };
    const { userHandle } = stored;
    expect(await attempt(device, { stored, userHandle, misbehave })).toBe('user-handle-wrong');
  });

  it('a model that the operator refuses since', async () => {
    const { device, stored } = await enrolled();
    const policy = { ...authority.policy, deniedAaguids: [authority.aaguid] };
    expect(await attempt(device, { stored, policy })).toBe('model-denied');
  });

  it('a colleague’s key under the record of somebody else', async () => {
    const anna = await enrolled();
    const ben = await enrolled();
    const misbehave = {
      credentialId: anna.stored.credentialId,
      userHandle: anna.stored.userHandle,
    };
    expect(await attempt(ben.device, { stored: anna.stored, misbehave })).toBe('signature-wrong');
  });

  it.each<[string, (stored: StoredCredential) => StoredCredential, CeremonyRefusalCode]>([
    [
      'a record whose algorithm was changed',
      (s) => ({ ...s, algorithm: -8 }),
      'algorithm-not-allowed',
    ],
    [
      'a record whose key is rubbish',
      (s) => ({ ...s, publicKey: 'AAAA' }),
      'algorithm-not-allowed',
    ],
    ['a record without a key', (s) => ({ ...s, publicKey: '' }), 'algorithm-not-allowed'],
  ])('%s', async (_name, change, code) => {
    const { device, stored } = await enrolled();
    expect(await attempt(device, { stored: change(stored) })).toBe(code);
  });

  it.each(['REVOKED', 'USER_VERIFICATION_BYPASS', 'USER_KEY_REMOTE_COMPROMISE'])(
    'a model that is %s since it was registered',
    async (status) => {
      const { device, stored } = await enrolled();
      const { aaguid, policy } = authority;
      const statuses = [...policy.statuses, { aaguid, status }];
      const twist = { stored, policy: { ...policy, statuses } };
      expect(await attempt(device, twist)).toBe('authenticator-compromised');
    },
  );
});

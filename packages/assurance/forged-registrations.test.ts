import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCBOR, encodeCBOR, type CBORType } from '@levischuck/tiny-cbor';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import {
  misreportingProviders,
  type CeremonyCredential,
  type CeremonyRefusalCode,
} from './index.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestRelyingParty,
  type KeyKind,
  type Misbehaviour,
  type TestAuthority,
  type TestRelyingParty,
} from './testing/index.ts';

const random = seededRandom('forged registrations');
const nowMs = Date.UTC(2026, 10, 2, 9);

let authority: TestAuthority;
let party: TestRelyingParty;
beforeAll(async () => {
  authority = await createTestAuthority();
  party = createTestRelyingParty({
    origin: 'http://staff.localhost:4400',
    rpId: 'staff.localhost',
    policy: authority.policy,
    nowMs,
    random,
  });
});

const device = (keyKind: KeyKind = 'ES256', from = authority) =>
  createSoftwareAuthenticator({ kind: 'device-bound', authority: from, keyKind, random });

const other = '11111111-2222-3333-4444-555555555555';

const misbehaving: [string, Misbehaviour, CeremonyRefusalCode][] = [
  ['an assertion passed off as a registration', { type: 'webauthn.get' }, 'type-wrong'],
  ['a payment passed off as a registration', { type: 'payment.get' }, 'type-wrong'],
  ['another challenge', { challenge: 'A'.repeat(43) }, 'challenge-wrong'],
  ['no challenge', { challenge: '' }, 'challenge-wrong'],
  ['a phishing origin', { origin: 'https://staff.localhost.evil.example' }, 'origin-wrong'],
  ['the customers’ origin', { origin: 'http://customers.localhost:4400' }, 'origin-wrong'],
  ['another port', { origin: 'http://staff.localhost:4401' }, 'origin-wrong'],
  ['another scheme', { origin: 'https://staff.localhost:4400' }, 'origin-wrong'],
  ['a subdomain', { origin: 'http://x.staff.localhost:4400' }, 'origin-wrong'],
  ['a frame on a foreign page', { crossOrigin: true }, 'cross-origin'],
  ['a client that does not say where it was', { crossOrigin: 'absent' }, 'cross-origin'],
  ['a foreign page on top', { topOrigin: 'https://evil.example' }, 'top-origin'],
  ['a U2F key for our old app', { extensionOutputs: { appid: true } }, 'extension-unasked'],
  ['a second key of the device', { extensionOutputs: { devicePubKey: {} } }, 'extension-unasked'],
  ['the customers’ RP ID', { rpId: 'customers.localhost' }, 'rp-id-wrong'],
  ['a parent RP ID', { rpId: 'localhost' }, 'rp-id-wrong'],
  ['nobody there', { userPresent: false }, 'user-not-present'],
  ['somebody unknown there', { userVerified: false }, 'user-not-verified'],
  ['backed up without being eligible', { backedUp: true }, 'backup-flags-impossible'],
  ['another credential’s name', { credentialId: 'A'.repeat(43) }, 'credential-id-wrong'],
  ['bytes after the key', { trailingBytes: Uint8Array.of(1, 2, 3) }, 'malformed'],
  ['a broken statement', { statementSignature: 'bit-flipped' }, 'attestation-invalid'],
  ['a statement under the name of none', { format: 'none' }, 'attestation-invalid'],
  ['a packed statement sold as a TPM’s', { format: 'tpm' }, 'attestation-invalid'],
  ['a made-up format', { format: 'trust-me' }, 'attestation-format-unsupported'],
  ['SafetyNet, which is dead', { format: 'android-safetynet' }, 'attestation-format-unsupported'],
  ['U2F, which verifies nobody', { format: 'fido-u2f' }, 'attestation-format-unsupported'],
  ['another model than certified', { aaguid: other }, 'attestation-invalid'],
  [
    'a broken self-attestation',
    { attestation: 'self', statementSignature: 'bit-flipped' },
    'attestation-invalid',
  ],
  [
    'a self-attestation that names another algorithm',
    { attestation: 'self', statementAlgorithm: -257 },
    'attestation-invalid',
  ],
];

type Members = Map<string, CBORType>;
const reencode = (change: (attestation: Members, statement: Members) => void) =>
  tampered((response) => {
    const bytes = base64urlToBytes(response.attestationObject ?? '');
    const attestation = decodeCBOR(bytes ?? new Uint8Array()) as Members;
    change(attestation, attestation.get('attStmt') as Members);
    return { ...response, attestationObject: bytesToBase64url(encodeCBOR(attestation)) };
  });

function tampered(change: (response: CeremonyCredential['response']) => unknown) {
  return (credential: CeremonyCredential): CeremonyCredential => ({
    ...credential,
    response: change(credential.response) as CeremonyCredential['response'],
  });
}

const object = (bytes: Uint8Array) =>
  tampered((response) => ({ ...response, attestationObject: bytesToBase64url(bytes) }));

const tampering: [
  string,
  (credential: CeremonyCredential) => CeremonyCredential,
  CeremonyRefusalCode,
][] = [
  ['no attestation object', tampered((r) => ({ ...r, attestationObject: undefined })), 'malformed'],
  ['an empty attestation object', object(new Uint8Array()), 'malformed'],
  ['a CBOR bomb of nested arrays', object(new Uint8Array(14_000).fill(0x81)), 'malformed'],
  ['a text of impossible length', object(Uint8Array.of(0x7b, ...Array(8).fill(0xff))), 'malformed'],
  [
    'client data that is not JSON',
    tampered((r) => ({ ...r, clientDataJSON: 'AAAA' })),
    'malformed',
  ],
  ['client data that is a list', tampered((r) => ({ ...r, clientDataJSON: 'W10' })), 'malformed'],
  ['base64url with trailing bits', tampered((r) => ({ ...r, clientDataJSON: 'W11' })), 'malformed'],
  ['no format', reencode((a) => a.delete('fmt')), 'malformed'],
  ['a statement that is no map', reencode((a) => a.set('attStmt', 1)), 'malformed'],
  ['no authenticator data', reencode((a) => a.delete('authData')), 'malformed'],
  ['an empty list of certificates', reencode((_, s) => s.set('x5c', [])), 'malformed'],
  [
    'more certificates than any maker sends',
    reencode((_, s) =>
      s.set(
        'x5c',
        Array.from({ length: 6 }, () => new Uint8Array(8)),
      ),
    ),
    'malformed',
  ],
  ['certificates that are numbers', reencode((_, s) => s.set('x5c', [1])), 'malformed'],
  [
    'a certificate that is rubbish',
    reencode((_, s) => s.set('x5c', [new Uint8Array(64)])),
    'attestation-invalid',
  ],
  ['a statement without a signature', reencode((_, s) => s.delete('sig')), 'attestation-invalid'],
  [
    'the certificates taken out, so that it looks self-attested',
    reencode((_, s) => s.delete('x5c')),
    'attestation-invalid',
  ],
  [
    'BE and BS switched off after the authenticator signed',
    reencode((a) => flip(a, 32, 0x18)),
    'attestation-invalid',
  ],
  ['the counter changed after signing', reencode((a) => flip(a, 36, 0x01)), 'attestation-invalid'],
  ['cut in the middle of the key', reencode((a) => cut(a, 80)), 'malformed'],
];

function flip(attestation: Members, offset: number, bits: number) {
  const data = new Uint8Array(attestation.get('authData') as Uint8Array);
  data[offset]! ^= bits;
  attestation.set('authData', data);
}

function cut(attestation: Members, length: number) {
  attestation.set('authData', (attestation.get('authData') as Uint8Array).slice(0, length));
}

describe('forged registrations: none is accepted', () => {
  it.each(misbehaving)('%s', async (_name, misbehave, code) => {
    const result = await party.register(device(), { misbehave });
    expect(result).toMatchObject({ ok: false, error: { code } });
  });

  it.each(tampering)('%s', async (_name, tamper, code) => {
    const result = await party.register(device(), { tamper });
    expect(result).toMatchObject({ ok: false, error: { code } });
  });

  it.each(['ES384', 'ES256-on-P-384', 'RS256-1024'] as const)('a key of %s', async (keyKind) => {
    const result = await party.register(device(keyKind), { attestation: 'none' });
    expect(result).toMatchObject({ ok: false, error: { code: 'algorithm-not-allowed' } });
  });

  it.each([
    'REVOKED',
    'USER_VERIFICATION_BYPASS',
    'USER_KEY_REMOTE_COMPROMISE',
    'USER_KEY_PHYSICAL_COMPROMISE',
  ])('a model that is %s', async (status) => {
    const { aaguid, policy } = authority;
    const statuses = [{ aaguid, status }, ...policy.statuses];
    const result = await party.register(device(), { policy: { ...policy, statuses } });
    expect(result).toMatchObject({ ok: false, error: { code: 'authenticator-compromised' } });
  });
});

describe('models that the operator refuses', () => {
  it('is refused by name, though everything speaks for it', async () => {
    const { aaguid, policy } = authority;
    const denying = { ...policy, deniedAaguids: [aaguid] };
    const result = await party.register(device(), { policy: denying });
    expect(result).toMatchObject({ ok: false, error: { code: 'model-denied' } });
  });
});

describe('hardware claimed without hardware: accepted as phr, never as phrh', () => {
  it.each<[string, Misbehaviour]>([
    ['no attestation, but BE = 0 and the right model', { attestation: 'none' }],
    ['self-attestation with the right model', { attestation: 'self' }],
    ['a statement in a format that is not read here', { format: 'android-key' }],
    ['Apple’s format around somebody’s certificates', { format: 'apple' }],
    ['rooted, but able to be synced', { backupEligible: true }],
    ['rooted, but synced', { backupEligible: true, backedUp: true }],
  ])('%s', async (_name, misbehave) => {
    const result = await party.register(device(), { misbehave });
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr' } });
  });

  it('a page that never asked for attestation', async () => {
    const result = await party.register(device(), { attestation: 'none' });
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr' } });
  });

  it.each(misreportingProviders)('$name, attested and allowed, with BE = 0', async ({ aaguid }) => {
    const maker = await createTestAuthority({ aaguid });
    const result = await party.register(device('ES256', maker), { policy: maker.policy });
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr', backupEligible: false } });
  });

  it('another authority of the same name', async () => {
    const stranger = device('ES256', await createTestAuthority());
    const result = await party.register(stranger);
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr' } });
  });

  it('an intermediate that may not issue', async () => {
    const maker = await createTestAuthority({ intermediate: 'powerless' });
    const result = await party.register(device('ES256', maker), { policy: maker.policy });
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr' } });
  });

  it('a certificate that is not valid yet', async () => {
    const maker = await createTestAuthority({ validFrom: new Date('2021-01-01T00:00:00Z') });
    const { policy } = maker;
    const early = Date.UTC(2020, 11, 31);
    const result = await party.register(device('ES256', maker), { policy, nowMs: early });
    expect(result).toMatchObject({ ok: true, value: { acr: 'phr' } });
  });

  it('a leaf that may itself issue is no leaf', async () => {
    const maker = await createTestAuthority({ batchIssues: true });
    const { policy } = maker;
    const result = await party.register(device('ES256', maker), { policy });
    expect(result).toMatchObject({ ok: false, error: { code: 'attestation-invalid' } });
  });
});

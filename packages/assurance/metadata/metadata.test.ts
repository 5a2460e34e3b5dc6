import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@proofline/kernel/node';
import {
  metadataInUse,
  metadataState,
  readMetadataBlob,
  type AttestationPolicy,
  type MetadataFault,
} from '../index.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestMetadata,
  createTestRelyingParty,
  testMetadataEntry,
  type TestAuthority,
  type TestMetadata,
  type TestRelyingParty,
} from '../testing/index.ts';

const DAY_MS = 86_400_000;
const graceMs = 14 * DAY_MS;
const nowMs = Date.UTC(2026, 10, 21, 12);
const nextUpdate = '2026-12-01';
const dueMs = Date.parse('2026-12-01T23:59:59.999Z');
const random = seededRandom('metadata');

let authority: TestAuthority;
let service: TestMetadata;
let party: TestRelyingParty;

beforeAll(async () => {
  authority = await createTestAuthority();
  service = await createTestMetadata();
  const origin = 'http://staff.localhost:4400';
  party = createTestRelyingParty({
    origin,
    rpId: 'staff.localhost',
    policy: authority.policy,
    nowMs,
    random,
  });
});

function read(jwt: string, change: Partial<Parameters<typeof readMetadataBlob>[0]> = {}) {
  const { rootPem, signer } = service;
  return readMetadataBlob({ jwt, roots: [rootPem], signer, nowMs, ...change });
}

function publish(reports?: { status: string; effectiveDate?: string }[], statement?: object) {
  const entries = [testMetadataEntry(authority, reports, statement)];
  return service.publish({ no: 7, nextUpdate, entries });
}

function inUse(jwt: string): AttestationPolicy {
  const blob = read(jwt);
  if (!blob.ok) throw new Error(blob.error);
  const { aaguid } = authority;
  const metadata = metadataInUse(blob.value, { graceMs });
  // The operator allows the model and vouches for nothing else: roots and statuses are the blob's.
  return { authorities: [], allowedAaguids: [aaguid], statuses: [], metadata };
}

async function levelUnder(policy: AttestationPolicy, atMs = nowMs) {
  const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
  const result = await party.register(device, { policy, nowMs: atMs });
  return result.ok ? result.value.acr : result.error.code;
}

describe('a metadata blob', () => {
  it('is read when it is signed by the named signer under one of our roots', () => {
    const blob = read(publish());
    expect(blob).toMatchObject({ ok: true, value: { no: 7, nextUpdateMs: dueMs } });
    expect(blob.ok && blob.value.models.get(authority.aaguid)).toMatchObject({
      description: 'Proofline Test Key',
      statuses: ['FIDO_CERTIFIED_L2'],
      keyInHardware: true,
    });
  });

  const refused: [string, () => Promise<string> | string, object, MetadataFault][] = [
    ['no roots at all', () => publish(), { roots: [] }, 'chain-untrusted'],
    ['a root that is no certificate', () => publish(), { roots: ['PEM'] }, 'chain-untrusted'],
    ['another root', () => publish(), { roots: ['other'] }, 'chain-untrusted'],
    [
      'another name under the same root',
      () => publish(),
      { signer: 'mds.fidoalliance.org' },
      'signer-wrong',
    ],
    [
      'after its certificate has run out',
      () => publish(),
      { nowMs: Date.UTC(2051, 1, 1) },
      'chain-untrusted',
    ],
    ['no algorithm', () => service.publish(plan(), { alg: 'none' }), {}, 'algorithm-not-allowed'],
    [
      'a symmetric algorithm',
      () => service.publish(plan(), { alg: 'HS256' }),
      {},
      'algorithm-not-allowed',
    ],
    [
      'an algorithm of another key',
      () => service.publish(plan(), { alg: 'RS256' }),
      {},
      'signature-wrong',
    ],
    ['no certificates', () => service.publish(plan(), { x5c: [] }), {}, 'malformed'],
    ['certificates that are numbers', () => service.publish(plan(), { x5c: [1] }), {}, 'malformed'],
    [
      'a certificate that is rubbish',
      () => service.publish(plan(), { x5c: ['AAAA'] }),
      {},
      'chain-untrusted',
    ],
    ['an altered payload', () => altered(publish()), {}, 'signature-wrong'],
    ['two parts', () => 'a.b', {}, 'malformed'],
    ['four parts', () => `${publish()}.AAAA`, {}, 'malformed'],
    ['nothing', () => '', {}, 'malformed'],
    ['a number that went back', () => publish(), { after: 8 }, 'number-went-back'],
    ['no number', () => service.publish({ ...plan(), no: -1 }), {}, 'payload-malformed'],
    [
      'a date that is none',
      () => service.publish({ ...plan(), nextUpdate: '2026-99-01' }),
      {},
      'payload-malformed',
    ],
    [
      'an entry that is none',
      () => service.publish({ ...plan(), entries: [[]] }),
      {},
      'payload-malformed',
    ],
    ['a model named twice', () => twice(), {}, 'payload-malformed'],
    [
      'a status in no word',
      () => publish([{ status: 'it is fine, really' }]),
      {},
      'payload-malformed',
    ],
    [
      'roots that are numbers',
      () => publish([], { attestationRootCertificates: [1] }),
      {},
      'payload-malformed',
    ],
    [
      'an AAGUID in capitals',
      () => service.publish({ ...plan(), entries: [{ aaguid: 'F1D0B0B0', statusReports: [] }] }),
      {},
      'payload-malformed',
    ],
  ];
  it.each(refused)('is not believed with %s', async (...[, make, change, fault]) => {
    const other = await createTestMetadata();
    const terms =
      'roots' in change && String(change.roots) === 'other' ? { roots: [other.rootPem] } : change;
    expect(read(await make(), terms)).toEqual({ ok: false, error: fault });
  });

  const plan = () => ({ no: 7, nextUpdate, entries: [testMetadataEntry(authority)] });
  const twice = () => {
    const entry = testMetadataEntry(authority);
    return service.publish({ ...plan(), entries: [entry, entry] });
  };
  const altered = (jwt: string) => {
    const [head, , tail] = jwt.split('.');
    const [, body] = service.publish({ ...plan(), no: 8 }).split('.');
    return `${head}.${body}.${tail}`;
  };

  it('may be the one that is there already', () => {
    expect(read(publish(), { after: 7 }).ok).toBe(true);
  });

  it('tells of other protocols, which are none of ours', () => {
    const entries = [{ aaid: '4e4e#4005', statusReports: [] }, testMetadataEntry(authority)];
    const blob = read(service.publish({ no: 1, nextUpdate, entries }));
    expect(blob.ok && blob.value.models.size).toBe(1);
  });
});

describe('what metadata says decides', () => {
  it('a certified model in hardware, attested under the roots of its own entry, is phrh', async () => {
    expect(await levelUnder(inUse(publish()))).toBe('phrh');
  });

  it.each([
    ['that lost its attestation key', 'ATTESTATION_KEY_COMPROMISE'],
    ['that is not certified', 'NOT_FIDO_CERTIFIED'],
    ['of a word that nobody knows', 'PURPLE'],
  ])('a model %s is phr', async (_name, status) => {
    const jwt = publish([{ status: 'FIDO_CERTIFIED_L2' }, { status }]);
    expect(await levelUnder(inUse(jwt))).toBe('phr');
  });

  it.each([
    'REVOKED',
    'USER_VERIFICATION_BYPASS',
    'USER_KEY_REMOTE_COMPROMISE',
    'USER_KEY_PHYSICAL_COMPROMISE',
  ])('a model that is %s is refused', async (status) => {
    const jwt = publish([{ status: 'FIDO_CERTIFIED_L2' }, { status, effectiveDate: '2031-01-01' }]);
    expect(await levelUnder(inUse(jwt))).toBe('authenticator-compromised');
  });

  it('a certification of tomorrow is none today', async () => {
    const jwt = publish([{ status: 'FIDO_CERTIFIED_L1', effectiveDate: '2026-11-22' }]);
    expect(await levelUnder(inUse(jwt))).toBe('phr');
  });

  it('keys in software are phr, whatever certificate they have', async () => {
    const jwt = publish([{ status: 'FIDO_CERTIFIED_L1' }], { keyProtection: ['software'] });
    expect(await levelUnder(inUse(jwt))).toBe('phr');
  });

  it('another maker’s root does not attest this model, also when the operator trusts it', async () => {
    const stranger = await createTestAuthority();
    const jwt = service.publish({
      no: 7,
      nextUpdate,
      entries: [{ ...testMetadataEntry(stranger), aaguid: authority.aaguid }],
    });
    const policy = { ...inUse(jwt), authorities: authority.policy.authorities };
    expect(await levelUnder(policy)).toBe('phr');
  });

  it('a model that the operator vouches for needs no entry', async () => {
    const jwt = service.publish({ no: 7, nextUpdate, entries: [] });
    expect(await levelUnder({ ...authority.policy, metadata: inUse(jwt).metadata! })).toBe('phrh');
  });
});

describe('old metadata narrows, and never widens (P7)', () => {
  it.each([
    ['on the day when the next one is due', dueMs, 'current', 'phrh'],
    ['a day later', dueMs + DAY_MS, 'overdue', 'phrh'],
    ['at the end of the grace', dueMs + graceMs, 'stale', 'phr'],
  ])('%s', async (...[, atMs, state, level]) => {
    const jwt = publish();
    const blob = read(jwt);
    expect(metadataState(blob.ok ? blob.value : undefined, { graceMs, nowMs: atMs })).toBe(state);
    expect(await levelUnder(inUse(jwt), atMs)).toBe(level);
  });

  it('without a blob nobody is phrh, also whom the operator vouches for', async () => {
    expect(metadataState(undefined, { graceMs, nowMs })).toBe('missing');
    const metadata = metadataInUse(undefined, { graceMs });
    expect(await levelUnder({ ...authority.policy, metadata })).toBe('phr');
  });

  it('what was revoked stays revoked in the oldest blob', async () => {
    const jwt = publish([{ status: 'REVOKED' }]);
    expect(await levelUnder(inUse(jwt), dueMs + 400 * DAY_MS)).toBe('authenticator-compromised');
  });
});

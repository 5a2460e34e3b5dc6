import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '@proofline/kernel/node';
import type { AttestationPolicy } from './index.ts';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestRelyingParty,
  importSoftwareAuthenticator,
  importTestAuthority,
  type TestAuthority,
  type TestRelyingParty,
} from './testing/index.ts';

const random = seededRandom('ceremonies');
const origin = 'http://staff.localhost:4400';
const rpId = 'staff.localhost';
const nowMs = Date.UTC(2026, 10, 2, 9);

let authority: TestAuthority;
let party: TestRelyingParty;
beforeAll(async () => {
  authority = await createTestAuthority();
  party = createTestRelyingParty({ origin, rpId, policy: authority.policy, nowMs, random });
});

function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('honest ceremonies', () => {
  it('a device-bound authenticator with a rooted attestation is phrh', async () => {
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    expect(stored).toMatchObject({
      acr: 'phrh',
      algorithm: -7,
      counter: 1,
      backupEligible: false,
      backedUp: false,
      aaguid: authority.aaguid,
      attestationFormat: 'packed',
    });
    expect(must(await party.assert(device, { stored }))).toEqual({
      acr: 'phrh',
      amr: ['pop', 'hwk', 'user'],
      counter: 2,
      backedUp: false,
      userVerified: true,
    });
  });

  it('a synced passkey is phr', async () => {
    const device = createSoftwareAuthenticator({ kind: 'synced', random });
    const stored = must(await party.register(device));
    expect(stored).toMatchObject({
      acr: 'phr',
      counter: 0,
      backupEligible: true,
      backedUp: true,
      attestationFormat: 'none',
    });
    const amr = ['pop', 'swk', 'user'];
    expect(must(await party.assert(device, { stored }))).toMatchObject({ acr: 'phr', amr });
  });

  it.each(['EdDSA', 'RS256'] as const)('%s keys work', async (keyKind) => {
    const device = createSoftwareAuthenticator({
      kind: 'device-bound',
      authority,
      keyKind,
      random,
    });
    const stored = must(await party.register(device));
    expect(must(await party.assert(device, { stored })).acr).toBe('phrh');
  });

  it('an intermediate certificate may stand in between', async () => {
    const longer = await createTestAuthority({ intermediate: 'issuing' });
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority: longer, random });
    expect(must(await party.register(device, { policy: longer.policy })).acr).toBe('phrh');
  });

  it('a passkey may become backed up later, when it was eligible from the start', async () => {
    const device = createSoftwareAuthenticator({ kind: 'synced', random });
    const stored = must(await party.register(device, { misbehave: { backedUp: false } }));
    expect(stored.backedUp).toBe(false);
    expect(must(await party.assert(device, { stored })).backedUp).toBe(true);
  });

  it('a known subject may leave the user handle out, as the allow list names the credential', async () => {
    const device = createSoftwareAuthenticator({ kind: 'synced', random });
    const stored = must(await party.register(device));
    const { userHandle } = stored;
    const misbehave = { userHandle: null };
    expect((await party.assert(device, { stored, userHandle, misbehave })).ok).toBe(true);
  });

  it('a kept authority and authenticator go on where they were', async () => {
    const kept = importTestAuthority(structuredClone(authority.export()));
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    const back = importSoftwareAuthenticator(structuredClone(device.export()), { authority: kept });
    expect(must(await party.assert(back, { stored })).counter).toBe(2);
    const second = createSoftwareAuthenticator({ kind: 'device-bound', authority: kept, random });
    expect(must(await party.register(second)).acr).toBe('phrh');
  });
});

describe('a record that was changed afterwards', () => {
  it('is phr when its key is not the one that the maker attested', async () => {
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const other = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    const { publicKey, credentialId } = must(await party.register(other));
    const exchanged = { ...stored, publicKey, credentialId };
    const misbehave = { userHandle: stored.userHandle };
    const result = must(await party.assert(other, { stored: exchanged, misbehave }));
    expect(result.acr).toBe('phr');
  });
});

describe('the level is evaluated anew at every assertion', () => {
  const levels: [string, (policy: AttestationPolicy) => AttestationPolicy][] = [
    ['the authority is no longer allowed', (policy) => ({ ...policy, authorities: [] })],
    ['the model is no longer allowed', (policy) => ({ ...policy, allowedAaguids: [] })],
    ['the model has no status any more', (policy) => ({ ...policy, statuses: [] })],
    ['its attestation key leaked', (policy) => withStatus(policy, 'ATTESTATION_KEY_COMPROMISE')],
    ['it lost its certification', (policy) => withStatus(policy, 'NOT_FIDO_CERTIFIED')],
    ['its status is a word we do not know', (policy) => withStatus(policy, 'PURPLE')],
  ];
  it.each(levels)('%s: drops to phr', async (_name, change) => {
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    const policy = change(authority.policy);
    const result = must(await party.assert(device, { stored, policy }));
    expect(result).toMatchObject({ acr: 'phr', amr: ['pop', 'swk', 'user'] });
  });

  it('an update that is available takes nothing away', async () => {
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    const policy = withStatus(authority.policy, 'UPDATE_AVAILABLE');
    expect(must(await party.assert(device, { stored, policy })).acr).toBe('phrh');
  });

  it('its certificate has run out since: drops to phr', async () => {
    const device = createSoftwareAuthenticator({ kind: 'device-bound', authority, random });
    const stored = must(await party.register(device));
    const later = Date.UTC(2050, 1, 1);
    expect(must(await party.assert(device, { stored, nowMs: later })).acr).toBe('phr');
  });
});

function withStatus(policy: AttestationPolicy, status: string): AttestationPolicy {
  const { aaguid } = authority;
  return { ...policy, statuses: [...policy.statuses, { aaguid, status }] };
}

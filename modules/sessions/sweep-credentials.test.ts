import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttestationPolicy } from '@proofline/assurance';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestRelyingParty,
  type TestAuthority,
} from '@proofline/assurance/testing';
import { newId, systemRandom, type Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { startSession } from './commands/start-session.ts';
import { sweepCredentials } from './commands/sweep-credentials.ts';
import type { SessionsContext } from './context.ts';
import type { KeptCredential, LevelChange } from './domain/kept-credential.ts';
import { findOpenRow } from './store/session-rows.ts';
import { migrations } from './store/migrations.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const clock = { now: () => nowMs };
const ids = { clock, random: systemRandom };

describe('a sweep over kept credentials', () => {
  let storage: Storage;
  let authority: TestAuthority;
  let synced: KeptCredential;
  let hardware: KeptCredential;
  let kept: KeptCredential[];
  let context: SessionsContext;
  let evidence: { kind: string; facts?: object; causes?: readonly string[] }[];
  let ended: string[];
  let told: LevelChange[];

  beforeAll(async () => {
    storage = await openTestStorage(migrations);
    authority = await createTestAuthority();
  });
  afterAll(() => storage.close());

  beforeEach(async () => {
    evidence = [];
    ended = [];
    told = [];
    hardware = await credential('device-bound');
    synced = await credential('synced');
    kept = [hardware, synced].toSorted((a, b) => (a.authenticatorId < b.authenticatorId ? -1 : 1));
    const record = async (_tx: unknown, draft: (typeof evidence)[number]) => {
      evidence.push(draft);
      return newId('evt', ids);
    };
    const used = {
      storage,
      clock,
      random: systemRandom,
      tenant: newId('stf', ids),
      ledger: {
        record,
        sealAll: () => undefined,
        recordAll: (tx: unknown, drafts: typeof evidence) =>
          Promise.all(drafts.map((draft) => record(tx, draft))),
        durable: async () => ({ index: 0 }),
      },
      onSessionEnded: ({ sessionId }: { sessionId: string }) => ended.push(sessionId),
      onLevelsChanged: (changes: readonly LevelChange[]) => told.push(...changes),
      peers: () => ({
        credentialSources: [
          {
            realm: 'workforce',
            page: async (after: string | undefined, limit: number) =>
              kept.filter((one) => !after || one.authenticatorId > after).slice(0, limit),
          },
        ],
      }),
    };
    // The sweep uses nothing else of it.
    context = used as unknown as SessionsContext;
  });

  async function credential(kind: 'device-bound' | 'synced'): Promise<KeptCredential> {
    const origin = 'http://staff.localhost:4400';
    const { policy } = authority;
    const random = systemRandom;
    const party = createTestRelyingParty({
      origin,
      rpId: 'staff.localhost',
      policy,
      nowMs,
      random,
    });
    const result = await party.register(
      createSoftwareAuthenticator({ kind, random, ...(kind === 'device-bound' && { authority }) }),
    );
    if (!result.ok) throw new Error(result.error.internal);
    return {
      ...result.value,
      authenticatorId: newId('ath', ids),
      subjectId: newId('stf', ids),
      evidenceId: newId('evt', ids),
    };
  }

  const begin = ({ acr, authenticatorId, evidenceId, subjectId }: KeptCredential) =>
    storage.transaction(async (tx) => {
      const { sessionId } = await startSession(context, tx, {
        realm: 'workforce',
        subjectId,
        acr,
        amr: ['pop', acr === 'phrh' ? 'hwk' : 'swk', 'user'],
        authenticatorId,
        authenticatorEvidenceId: evidenceId,
      });
      return sessionId;
    });
  const openRow = (sessionId: Id<'ses'>) =>
    findOpenRow(storage.db, context.tenant, { session_id: sessionId });
  const sweep = (change: Partial<AttestationPolicy> = {}) =>
    sweepCredentials(context, { ...authority.policy, ...change });
  const said = (status: string) => ({
    statuses: [...authority.policy.statuses, { aaguid: authority.aaguid, status }],
  });
  const kinds = () => evidence.map(({ kind }) => kind);

  it('finds nothing where nothing changed, and counts what there is', async () => {
    const sessionId = await begin(hardware);
    expect(await sweep()).toMatchObject({
      seen: 2,
      fell: 0,
      rose: 0,
      levels: { workforce: { phrh: 1, phr: 1, none: 0 } },
    });
    expect(kinds()).toEqual(['session.started']);
    expect((await openRow(sessionId))?.phrh_at).not.toBeNull();
  });

  it('takes phrh from the sessions of whom a model fell, from nobody else, and says so once', async () => {
    const fallen = await begin(hardware);
    const other = await begin(synced);
    expect(await sweep(said('ATTESTATION_KEY_COMPROMISE'))).toMatchObject({
      fell: 1,
      levels: { workforce: { phrh: 0, phr: 2 } },
    });
    expect(await openRow(fallen)).toMatchObject({ phrh_at: null, amr: '["pop","swk","user"]' });
    expect(await openRow(other)).toMatchObject({ ended_at: null });
    expect(kinds().slice(2)).toEqual(['authenticator.level-changed', 'session.lowered']);
    expect(evidence[2]).toMatchObject({
      causes: [hardware.evidenceId],
      facts: { realm: 'workforce', before: 'phrh', acr: 'phr' },
    });
    expect(told).toMatchObject([{ level: 'phr', credential: { subjectId: hardware.subjectId } }]);
    expect(await sweep(said('ATTESTATION_KEY_COMPROMISE'))).toMatchObject({ fell: 0 });
    expect(evidence).toHaveLength(4);
  });

  it('ends the sessions of whose key may be anybody’s', async () => {
    const broken = await begin(hardware);
    const other = await begin(synced);
    expect(await sweep(said('USER_KEY_REMOTE_COMPROMISE'))).toMatchObject({ fell: 1 });
    expect(await openRow(broken)).toBeUndefined();
    expect(await openRow(other)).toBeDefined();
    expect(ended).toEqual([broken]);
    expect(kinds().slice(2)).toEqual(['authenticator.level-changed', 'session.ended']);
  });

  it('says when a level comes back, and raises no session by it', async () => {
    const sessionId = await begin(hardware);
    await sweep({ allowedAaguids: [] });
    expect(await sweep()).toMatchObject({ rose: 1, levels: { workforce: { phrh: 1 } } });
    expect((await openRow(sessionId))?.phrh_at).toBeNull();
    expect(evidence.at(-1)).toMatchObject({ facts: { before: 'phr', acr: 'phrh' } });
  });

  it('never counts one as more than the one that vouched for it', async () => {
    kept = [{ ...hardware, atMost: 'phr' }];
    expect(await sweep()).toMatchObject({ rose: 0, fell: 0, levels: { workforce: { phr: 1 } } });
  });

  it('reads all pages', async () => {
    const many = Array.from({ length: 2_001 }, () => ({
      ...synced,
      authenticatorId: newId('ath', ids),
    }));
    kept = many.toSorted((a, b) => (a.authenticatorId < b.authenticatorId ? -1 : 1));
    expect(await sweep()).toMatchObject({ seen: 2_001, fell: 0 });
  });
});

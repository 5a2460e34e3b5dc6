import { erasedIdHash, leafHash, writeEntry } from '@proofline/evidence';
import type { Id, JsonObject } from '@proofline/kernel';
import type { EvidenceKind } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { currentPolicy } from './erasure/commands/current-policy.ts';
import type { ErasureCommands } from './erasure/erasures.ts';
import { migrations } from './index.ts';
import { erasureWorld, type ErasureWorld } from './testing/erasure-world.ts';
import { testId } from './testing/index.ts';

const caseId = testId('cse');
let storage: Storage;
let world: ErasureWorld;
let asked: Id<'evt'>;

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  // What the working login may do, and no more.
  await storage.raiseWall({ tenant: 'acme', migrations });
  world = await erasureWorld(storage);
  asked = await world.record({ kind: 'proof.requested', refs: { caseId } });
  await world.record({ kind: 'proof.ended', refs: { caseId }, causes: [asked] });
});
afterEach(async () => {
  await world.stop();
  await storage.close();
});

// It has all of its commands; the composition sees a few of them.
const commands = () => world.ledger.erasures as ErasureCommands;

const countErased = async () => {
  const { rows } = await sql`select 1 from ledger_entries where leaf = ''`.execute(storage.db);
  return rows.length;
};

describe('P8: what is written beyond the end of the log is no part of it', () => {
  const FAR = 10 ** 15;

  /** As whoever holds the working login would, with the log's own rules and without its key. */
  async function forge(index: number, kind: EvidenceKind, facts: JsonObject): Promise<Id<'evt'>> {
    const at = new Date(world.clock.now());
    const id = testId('evt');
    const entry = { v: 1 as const, id, kind, at: at.toISOString(), causes: [], facts, _sd: [] };
    const leaf = writeEntry({ ...entry, refs: { caseId }, subjects: {} });
    await sql`insert into ledger_entries
      values ('acme', ${index}, ${id}, ${kind}, ${at}, ${leaf}, ${leafHash(leaf)})`.execute(
      storage.db,
    );
    await sql`insert into ledger_refs
      values ('acme', ${index}, 'entry', ${id}), ('acme', ${index}, 'ref:caseId', ${caseId})`.execute(
      storage.db,
    );
    await sql`insert into ledger_facets (tenant, idx, kind, at, root)
      values ('acme', ${index}, ${kind}, ${at}, 'none')`.execute(storage.db);
    return id;
  }

  const policyNow = async () =>
    (await world.call<{ policy: JsonObject }>('evidence.retention')).policy;
  const searched = async (query: JsonObject) => {
    const { inquiryId } = await world.call<{ inquiryId: string }>('evidence.open-inquiry', {
      body: { purpose: 'a test' },
    });
    const whole = { count: 50, inquiryId, ...query };
    return JSON.stringify(await world.call('evidence.search', { query: whole }));
  };

  test('nothing believes it, no search shows it, every check names it, and the log goes on', async () => {
    // What is searched by is made at the first search.
    expect(await searched({ id: caseId })).toContain(asked);
    const before = await policyNow();
    const taken = { '1': erasedIdHash(asked) };
    const policy = { identity: 12, case: 12, access: 12, entries: 12, automatic: true };
    const forged = [
      await forge(FAR, 'retention.published', { policy }),
      await forge(FAR + 1, 'erasure.pruned', { below: 3 }),
      await forge(FAR + 2, 'erasure.entries', { entries: taken }),
      await forge(FAR + 3, 'policy.staged', { forged: true }),
      await forge(-1, 'policy.staged', { forged: true }),
    ];
    const staged = () => world.ledger.newestFacts(['policy.staged'], caseId);
    const untouched = async () => {
      expect(await policyNow()).toEqual(before);
      expect(await staged()).toBeUndefined();
      await commands().replay();
      expect(await countErased()).toBe(0);
    };
    await untouched();
    for (const found of [await searched({}), await searched({ id: caseId })]) {
      for (const id of forged) expect(found).not.toContain(id);
    }
    expect(await searched({ id: caseId })).toContain(asked);
    for (const id of forged) {
      expect(await world.ledger.provenFacts(id)).toBeUndefined();
      await expect(world.read(id)).rejects.toMatchObject({ code: 'evidence.unknown' });
    }
    await world.ledger.checkItself();
    const faults = [-1, FAR, FAR + 1, FAR + 2, FAR + 3].map(
      (place) => `Entry ${place} stands outside of the log.`,
    );
    expect(world.ledger.health().selfCheck.faults).toEqual(faults);
    for (const said of [await world.ledger.check(), (await world.ledger.fsck()).faults]) {
      expect(said).toEqual(expect.arrayContaining(faults));
      expect(said).toContain(`What finds entry ${FAR} stands outside of the log.`);
      expect(said).toContain(`What is searched of entry ${FAR} stands outside of the log.`);
    }
    await world.record({ kind: 'policy.staged', refs: { caseId }, facts: { forged: false } });
    expect(await staged()).toEqual({ forged: false });
    await world.stop();
    await expect(world.another()).rejects.toMatchObject({ code: 'log.altered' });
  });

  test('nor when the head is set beyond it: a proof goes by what is signed', async () => {
    const before = await policyNow();
    await forge(FAR, 'retention.published', { policy: { ...before, automatic: true } });
    await forge(FAR + 1, 'policy.staged', { forged: true });
    await forge(FAR + 2, 'erasure.pruned', { below: 3 });
    await sql`update ledger_head set size = ${FAR + 3}`.execute(storage.db);
    expect(await world.ledger.newestFacts(['policy.staged'], caseId)).toBeUndefined();
    expect((await currentPolicy(commands().context)).policy).toEqual(before);
    await commands().replay();
    expect(await countErased()).toBe(0);
    await world.ledger.checkItself();
    expect(world.ledger.health().selfCheck.state).toBe('differs');
  });

  test('an entry is not about what only the index says of it', async () => {
    const caseOfNobody = testId('cse');
    await world.record({ kind: 'policy.staged', refs: { caseId }, facts: { of: 'a case' } });
    const index = world.ledger.health().size - 1;
    await sql`insert into ledger_refs
      values ('acme', ${index}, 'ref:caseId', ${caseOfNobody})`.execute(storage.db);
    expect(await world.ledger.newestFacts(['policy.staged'], caseId)).toEqual({ of: 'a case' });
    expect(await world.ledger.newestFacts(['policy.staged'], caseOfNobody)).toBeUndefined();
  });
});

import { parseVerifierKey, openCheckpoint, verifyBundle } from '@proofline/evidence';
import { assertionKey, credentialOf, signedAssertion } from '@proofline/evidence/testing';
import { canonicalJson, type Id, type JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { MountedRoute } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations, type Ledger } from './index.ts';
import { tables } from './store/tables.ts';
import { testId, testLedger } from './testing/index.ts';

let storage: Storage;
let ledger: Ledger;
const names: Record<string, string> = {};
const ids: Record<string, Id<'evt'>> = {};
const auditor = testId('stf');
const agent = testId('stf');
const customer = testId('cus');
const interactionId = testId('int');
const otherInteractionId = testId('int');
const caseId = testId('cse');
const decisionId = testId('dec');

/** Calls a route of the ledger as the edge would after its own checks. */
async function call<T>(id: string, input: JsonObject = {}): Promise<T> {
  const mounted = ledger.routes.find(({ route }: MountedRoute) => route.id === id)!;
  const decided = await storage.transaction((tx) =>
    ledger.record(tx, { kind: 'decision.made', facts: { action: id } }),
  );
  // The handler's own type was checked where it was bound; the test speaks for the edge.
  const handler = mounted.handler as (call: unknown) => Promise<T>;
  return handler({
    caller: { kind: 'staff', subjectId: auditor },
    decision: { evidenceId: decided },
    params: {},
    query: { count: 50 },
    ...input,
  });
}

interface Found {
  entries: { evidenceId: string; kind: string; index: number; subjects: Record<string, unknown> }[];
  nextCursor?: number;
  total: { count: number; isExact: boolean };
  first?: number;
  logSize: number;
}
let inquiryId: string;
const inquire = async () =>
  (
    await call<{ inquiryId: string }>('evidence.open-inquiry', {
      body: { purpose: 'Complaint 12' },
    })
  ).inquiryId;
const search = (query: JsonObject) =>
  call<Found>('evidence.search', { query: { count: 50, inquiryId, ...query } });

async function record(name: string, draft: Parameters<Ledger['record']>[1]): Promise<Id<'evt'>> {
  const id = await storage.transaction((tx) => ledger.record(tx, draft));
  await ledger.durable(id);
  ids[name] = id;
  return id;
}

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  ledger = testLedger(storage, {
    resolveSubject: async (text) => (text === 'NW-20441' ? customer : undefined),
    nameOf: async (subjectId) => names[subjectId],
    findDecision: async (id) =>
      // Only that it is handed through is of interest here.
      (id === decisionId ? { decisionId } : undefined) as never,
  });
  await ledger.start();
  names[customer] = 'Paula Okafor';
  names[agent] = 'Ines Moreau';
  await tellStory();
  inquiryId = await inquire();
});
afterAll(async () => {
  await ledger.stop();
  await storage.close();
});

async function tellStory(): Promise<void> {
  const key = assertionKey('ES256');
  const authenticatorId = testId('ath');
  const registered = await record('registered', {
    kind: 'authenticator.registered',
    refs: { authenticatorId },
    subjects: { customer },
    personal: [
      { subject: customer, retention: 'identity', fields: { credential: credentialOf(key) } },
    ],
  });
  const session = await record('session', { kind: 'session.started', subjects: { actor: agent } });
  const started = await record('call', {
    kind: 'interaction.started',
    refs: { interactionId },
    subjects: { agent },
  });
  await record('otherCall', {
    kind: 'interaction.started',
    refs: { interactionId: otherInteractionId },
    subjects: { agent },
    causes: [session],
  });
  const context = canonicalJson({ v: 1, interactionId, caseId });
  const proof = await record('proof', {
    kind: 'proof.bound',
    refs: { interactionId, caseId, authenticatorId },
    subjects: { agent, customer },
    causes: [registered, started],
    facts: { contextDigest: sha256Base64url(context) },
    personal: [
      {
        subject: customer,
        retention: 'identity',
        fields: { name: 'Paula Okafor', assertion: { ...signedAssertion(context, key) } },
      },
      { subject: agent, retention: 'access', fields: { shift: 'late' } },
    ],
  });
  const grant = await record('grant', {
    kind: 'grant.issued',
    refs: { interactionId, grantId: testId('grt') },
    causes: [session, proof],
  });
  const decision = await record('decision', {
    kind: 'decision.made',
    refs: { interactionId, decisionId },
    causes: [grant],
    facts: { effect: 'permit', reasons: ['The customer has proved who they are.'] },
  });
  await record('request', { kind: 'request.completed', causes: [decision] });
}

const kinds = ({ entries }: Found) => entries.map(({ kind }) => kind);

describe('search', () => {
  test('finds a call by its id, newest first, with the names of who took part', async () => {
    const found = await search({ id: interactionId });
    expect(kinds(found)).toEqual([
      'decision.made',
      'grant.issued',
      'proof.bound',
      'interaction.started',
    ]);
    expect(found.entries[2]!.subjects).toMatchObject({
      customer: { name: 'Paula Okafor', pseudonym: expect.stringMatching(/^psn_/) },
      agent: { name: 'Ines Moreau' },
    });
  });

  test.each([
    ['a subject id', () => customer],
    ['an account number', () => 'NW-20441'],
  ])('finds by %s', async (_, id) => {
    expect(kinds(await search({ id: id() }))).toEqual(['proof.bound', 'authenticator.registered']);
  });

  test('finds an entry by its id, with what it led to', async () => {
    const found = await search({ id: ids['grant']! });
    expect(kinds(found)).toEqual(['decision.made', 'grant.issued']);
  });

  test('finds nothing for what nobody knows', async () => {
    for (const id of ['NW-0', 'psn_x', testId('cus'), testId('int'), '%', "' OR 1=1"]) {
      expect((await search({ id })).entries).toEqual([]);
    }
  });

  test('narrows by kind and time', async () => {
    expect(kinds(await search({ id: interactionId, kind: 'grant.issued' }))).toEqual([
      'grant.issued',
    ]);
    const past = '2020-01-01T00:00:00.000Z';
    expect((await search({ to: past })).entries).toEqual([]);
    expect(kinds(await search({ id: interactionId, from: past }))).toHaveLength(4);
  });

  test('pages with a cursor that does not shift while the log grows', async () => {
    const first = await search({ id: agent, count: 2 });
    await record('later', { kind: 'session.raised', subjects: { actor: agent } });
    const second = await search({ id: agent, count: 2, cursor: first.nextCursor! });
    expect([...kinds(first), ...kinds(second)]).toEqual([
      'proof.bound',
      'interaction.started',
      'interaction.started',
      'session.started',
    ]);
    expect(second.nextCursor).toBeUndefined();
    // How many there are is said on every page; the entry that came meanwhile is counted with them.
    expect([first.total, first.first]).toEqual([{ count: 4, isExact: true }, 1]);
    expect([second.total, second.first]).toEqual([{ count: 5, isExact: true }, 4]);
  });

  test('counts what it finds by the same filters as it shows it', async () => {
    for (const query of [{ id: interactionId }, { id: interactionId, kind: 'grant.issued' }]) {
      const { entries } = await search(query);
      const { total } = await search({ ...query, count: 1 });
      expect(total).toEqual({ count: entries.length, isExact: true });
    }
    expect(await search({ id: 'psn_x' })).toMatchObject({ total: { count: 0, isExact: true } });
  });
});

interface Explained {
  entry: { kind: string; index: number };
  chain: { evidenceId: string; kind: string }[];
  personal: { name?: string; retention: string; fields: JsonObject }[];
  decision?: { decisionId: string };
  inclusion?: { proof: string[]; checkpoint: string; verifierKey: string; leafHash: string };
}
const read = (evidenceId: string) =>
  call<Explained>('evidence.read', { params: { evidenceId }, query: { inquiryId } });

describe('reading an entry', () => {
  test('shows the whole chain, from the result to the proof, and not the agent’s other call', async () => {
    const { chain } = await read(ids['request']!);
    const chained = ['registered', 'session', 'call', 'proof', 'grant', 'decision', 'request'];
    expect(chain.map(({ evidenceId }) => evidenceId)).toEqual(chained.map((name) => ids[name]));
  });

  test('shows from the proof the same chain', async () => {
    const { chain } = await read(ids['proof']!);
    expect(chain).toHaveLength(7);
  });

  test('opens the personal fields, by data subject', async () => {
    const { personal } = await read(ids['proof']!);
    expect(personal).toHaveLength(2);
    expect(personal.find(({ retention }) => retention === 'identity')).toMatchObject({
      name: 'Paula Okafor',
      fields: { name: 'Paula Okafor' },
    });
    expect(personal.find(({ retention }) => retention === 'access')).toMatchObject({
      name: 'Ines Moreau',
      fields: { shift: 'late' },
    });
  });

  test('hands out the decision and a proof of inclusion', async () => {
    const { decision, inclusion } = await read(ids['decision']!);
    expect(decision).toEqual({ decisionId });
    const key = parseVerifierKey(inclusion!.verifierKey)!;
    expect(openCheckpoint(inclusion!.checkpoint, key)?.size).toBeGreaterThan(8);
  });

  test('is an entry itself, which the chain of what was read does not hold', async () => {
    const before = await search({ id: ids['call']!, kind: 'evidence.read' });
    await read(ids['call']!);
    const after = await search({ id: ids['call']!, kind: 'evidence.read' });
    expect(after.entries).toHaveLength(before.entries.length + 1);
    const { chain } = await read(ids['call']!);
    expect(chain.map(({ kind }) => kind)).not.toContain('evidence.read');
  });

  test('of an id that nobody gave is refused', async () => {
    await expect(read(testId('evt'))).rejects.toMatchObject({ code: 'evidence.unknown' });
  });
});

const download = async (id: string) => {
  const body = { id, purpose: 'Complaint 4711 of Ms. Okafor' };
  const file = await call<{ name: string; bytes: Uint8Array }>('evidence.export', { body });
  return { file, text: Buffer.from(file.bytes).toString() };
};

describe('an export', () => {
  test('of a call verifies offline, with the customer’s own signature', async () => {
    const { file, text } = await download(interactionId);
    expect(file.name).toMatch(/^exp_[0-9a-z]{26}\.proofline\.json$/);
    const verdict = verifyBundle(text);
    expect(verdict.faults).toEqual([]);
    expect(verdict.entries.flatMap(({ faults }) => faults)).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.entries.map(({ entry }) => entry?.kind)).toEqual([
      'authenticator.registered',
      'session.started',
      'interaction.started',
      'proof.bound',
      'grant.issued',
      'decision.made',
      'request.completed',
      'evidence.exported',
    ]);
    const proof = verdict.entries.find(({ entry }) => entry?.kind === 'proof.bound')!;
    expect(proof.assertion).toEqual({ registeredIndex: verdict.entries[0]!.index });
  });

  test('of any one id of a chain holds the same entries', async () => {
    for (const id of [ids['request']!, decisionId, caseId]) {
      const verdict = verifyBundle((await download(id)).text);
      expect(verdict.ok).toBe(true);
      expect(verdict.entries).toHaveLength(8);
    }
  });

  test('holds its purpose as a personal field of who exported, not in clear', async () => {
    const { text } = await download(interactionId);
    const { entries } = verifyBundle(text);
    const last = entries.at(-1)!;
    expect(last.disclosed).toContainEqual(
      expect.objectContaining({ name: 'purpose', value: 'Complaint 4711 of Ms. Okafor' }),
    );
    expect(JSON.stringify(last.entry)).not.toContain('Okafor');
  });

  test('of what nobody knows is refused and writes nothing', async () => {
    const before = await search({ kind: 'evidence.exported' });
    await expect(download('NW-0')).rejects.toMatchObject({ code: 'evidence.unknown' });
    expect((await search({ kind: 'evidence.exported' })).entries).toEqual(before.entries);
  });

  test('stays valid, redacted, when a data subject’s key was destroyed', async () => {
    const other = testId('cus');
    const about = testId('int');
    await record('erased', {
      kind: 'proof.requested',
      refs: { interactionId: about },
      subjects: { customer: other },
      personal: [{ subject: other, retention: 'case', fields: { name: 'Nobody' } }],
    });
    const pseudonym = (
      await tables(storage.db)
        .selectFrom('ledger_pseudonyms')
        .select('pseudonym')
        .where('subject_id', '=', other)
        .executeTakeFirstOrThrow()
    ).pseudonym;
    await sql`DELETE FROM ledger_keys WHERE subject = ${pseudonym}`.execute(storage.db);
    const verdict = verifyBundle((await download(about)).text);
    expect(verdict.ok).toBe(true);
    expect(verdict.entries[0]).toMatchObject({ state: 'redacted', withheldCount: 1 });
    expect((await read(ids['erased']!)).personal).toEqual([]);
  });

  test('does not happen over an entry that was altered', async () => {
    const about = testId('int');
    await record('altered', { kind: 'interaction.started', refs: { interactionId: about } });
    await sql`UPDATE ledger_entries SET leaf = replace(leaf, 'interaction.started', 'interaction.ended')
      WHERE evidence_id = ${ids['altered']}`.execute(storage.db);
    await expect(download(about)).rejects.toMatchObject({ code: 'server.failed' });
  });
});

describe('what is in clear in the log', () => {
  test('names nobody, and no account', async () => {
    const leaves = await tables(storage.db).selectFrom('ledger_entries').select('leaf').execute();
    const text = leaves.map(({ leaf }) => leaf).join('\n');
    expect(leaves.length).toBeGreaterThan(20);
    for (const personal of ['Okafor', 'Moreau', 'NW-20441', customer, agent, auditor]) {
      expect(text).not.toContain(personal);
    }
  });

  test.each([
    ['a ref', { refs: { customerId: customer } }],
    ['a fact', { facts: { about: { who: agent } } }],
  ])('never holds a person’s id in %s: recording it throws', async (_, draft) => {
    const recording = storage.transaction((tx) =>
      ledger.record(tx, { kind: 'interaction.started', ...draft }),
    );
    await expect(recording).rejects.toThrow('names a person in clear');
  });

  test('is not larger than an entry may be', async () => {
    const recording = storage.transaction((tx) =>
      ledger.record(tx, { kind: 'interaction.started', facts: { text: 'x'.repeat(70_000) } }),
    );
    await expect(recording).rejects.toThrow('larger');
  });

  test('anyone may fetch the newest checkpoint and its key', async () => {
    const { checkpoint, verifierKey } = await call<{ checkpoint: string; verifierKey: string }>(
      'evidence.checkpoint',
    );
    const key = parseVerifierKey(verifierKey)!;
    expect(openCheckpoint(checkpoint, key)?.origin).toBe('staff.localhost/acme');
  });
});

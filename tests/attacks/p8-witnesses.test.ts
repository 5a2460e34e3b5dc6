import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  consistencyPath,
  judgeCheckpoint,
  leafHash,
  logSigner,
  parsePolicy,
  sameHash,
  toBase64,
  treeRoot,
  verifyBundle,
  writeBundle,
  type Hash,
  type WitnessPolicy,
} from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';
import { bytesToBase64url, systemClock, systemRandom } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { migrations } from '@proofline/ledger';
import { testLedger } from '@proofline/ledger/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askGuarded } from '../../apps/server/witnesses/ask-guarded.ts';
import {
  beginWitness,
  readWitnessConfig,
  startWitness,
  type RunningWitness,
} from '../../apps/witness/index.ts';
import { memoryWitness, type MemoryWitness } from '../../apps/witness/testing/memory-witness.ts';
import { openTestStorage } from '../harness/open-test-storage.ts';

/** An operator who has turned: they have the log’s seed, and as many histories as they like. */
const thief = logSigner('evidence.example/acme', seededRandom('a stolen seed').bytes(32));
const told = Array.from({ length: 30 }, (_, at) => leafHash(`what happened ${at}`));
const invented = told.map((hash, at) => (at === 11 ? leafHash('what did not') : hash));

const rootOf = (leaves: readonly Hash[], size: number) => treeRoot(leaves.slice(0, size));
const noteOf = (leaves: readonly Hash[], size: number) =>
  thief.signCheckpoint({ size, root: rootOf(leaves, size) });

/** Everything that a witness could be told to have it sign: each old size, and the proof from there. */
async function cosignature(
  witness: MemoryWitness,
  leaves: readonly Hash[],
  size: number,
): Promise<string> {
  for (let old = 0; old <= size; old += 1) {
    const isProved = old > 0 && old < size;
    const proof = isProved
      ? consistencyPath(old, size).map(({ start, end }) => treeRoot(leaves.slice(start, end)))
      : [];
    const body = [`old ${old}`, ...proof.map(toBase64), '', noteOf(leaves, size)].join('\n');
    const answer = await witness.add(body);
    if (answer.status === 200) return answer.body;
  }
  return '';
}

async function quorumOfThree(): Promise<{ witnesses: MemoryWitness[]; policy: WitnessPolicy }> {
  const names = ['client', 'auditor', 'partner'];
  const witnesses = await Promise.all(
    names.map((name) => memoryWitness(`witness.${name}.example/w1`, [thief.key])),
  );
  const lines = witnesses.map(({ key }, at) => `witness ${names[at]} ${key}\n`).join('');
  const rest = `group two 2 ${names.join(' ')}\nquorum two\n`;
  const parsed = parsePolicy(`log ${thief.key.text}\n${lines}${rest}`);
  if (!parsed.ok) throw new Error(parsed.error);
  return { witnesses, policy: parsed.value };
}

/** The checkpoint with whatever these witnesses can be brought to sign. */
async function gather(witnesses: readonly MemoryWitness[], leaves: readonly Hash[], size: number) {
  const lines: string[] = [];
  for (const witness of witnesses) lines.push(await cosignature(witness, leaves, size));
  return noteOf(leaves, size) + lines.join('');
}

describe('P8: whoever has the log’s seed does not have its witnesses', () => {
  test('two auditors are not shown two histories: one of them gets no quorum', async () => {
    const { witnesses, policy } = await quorumOfThree();
    const forOne = await gather(witnesses, told, 20);
    const forTheOther = await gather(witnesses, invented, 20);
    expect(judgeCheckpoint(forOne, policy)?.isMet).toBe(true);
    const judged = judgeCheckpoint(forTheOther, policy);
    expect(judged?.isMet).toBe(false);
    // The log’s own signature is right on both: by that alone nobody would have noticed.
    expect(judged?.checkpoint.size).toBe(20);
    expect(witnesses.every(({ alarms }) => alarms.some(({ what }) => what === 'fork'))).toBe(true);
  });

  test('nor with one witness in the plot, nor with one each', async () => {
    const { witnesses, policy } = await quorumOfThree();
    const [plotter, honest, other] = witnesses;
    // The one in the plot signs whatever it is shown: it forgets in between.
    const forOne = await gather([plotter!, honest!], told, 20);
    await plotter!.forget();
    const forTheOther = await gather([plotter!, honest!], invented, 20);
    expect(judgeCheckpoint(forOne, policy)?.isMet).toBe(true);
    expect(judgeCheckpoint(forTheOther, policy)?.isMet).toBe(false);
    // The third was never asked about the first history: with two liars of three it would be enough.
    const withThird = forTheOther + (await cosignature(other!, invented, 20));
    expect(judgeCheckpoint(withThird, policy)?.isMet).toBe(true);
  });

  test('a history that was written anew from some entry on gets no signature, however long it grows', async () => {
    const { witnesses, policy } = await quorumOfThree();
    for (const size of [3, 9, 15]) await gather(witnesses, told, size);
    for (const size of [15, 16, 22, 30]) {
      expect(sameHash(rootOf(told, size), rootOf(invented, size))).toBe(false);
      const judged = judgeCheckpoint(await gather(witnesses, invented, size), policy);
      expect(judged?.witnesses.map(({ cosigned }) => cosigned.state)).toEqual(
        witnesses.map(() => 'absent'),
      );
    }
    const honest = await gather(witnesses, told, 30);
    expect(judgeCheckpoint(honest, policy)?.isMet).toBe(true);
  });

  test('a shorter log is signed by none of those that have seen the longer one', async () => {
    const { witnesses, policy } = await quorumOfThree();
    await gather(witnesses, told, 20);
    expect(judgeCheckpoint(await gather(witnesses, told, 12), policy)?.isMet).toBe(false);
  });

  test('signatures under one checkpoint are worth nothing under another', async () => {
    const { witnesses, policy } = await quorumOfThree();
    const witnessed = await gather(witnesses, told, 20);
    const [, lines = ''] = witnessed.split('\n\n');
    const cosignatures = lines.split('\n').filter((line) => line.includes('witness.'));
    const moved = `${noteOf(invented, 20)}${cosignatures.join('\n')}\n`;
    const judged = judgeCheckpoint(moved, policy);
    expect(judged?.isMet).toBe(false);
    expect(judged?.witnesses[0]?.cosigned.state).toBe('refused');
  });

  test('an export without its quorum is refused by who asks for one', async () => {
    const { policy } = await quorumOfThree();
    const { bundle, signer } = sampleLog();
    const asked = { ...policy, logs: [{ key: signer.key }] };
    const verdict = verifyBundle(writeBundle(bundle), { policy: asked });
    expect(verdict.ok).toBe(false);
    expect(verdict.faults.map(({ code }) => code)).toEqual(['witnesses.too-few']);
    expect(verifyBundle(writeBundle(bundle), { trustedKey: signer.key.text }).ok).toBe(true);
  });
});

describe('two companies that witness each other', () => {
  let opened: AsyncDisposableStack;
  beforeEach(() => {
    opened = new AsyncDisposableStack();
  });
  afterEach(() => opened.disposeAsync());

  /** One company: its log’s key, and the witness that it runs for the other’s. */
  async function openCompany(name: string, other: string) {
    const directory = mkdtempSync(join(tmpdir(), 'witness-each-other-'));
    opened.defer(() => rmSync(directory, { recursive: true }));
    const seedOf = (whose: string) => seededRandom(`the log of ${whose}`).bytes(32);
    const config = readWitnessConfig({
      WITNESS_NAME: `witness.${name}.example/w1`,
      WITNESS_SEED: bytesToBase64url(seededRandom(`the witness of ${name}`).bytes(32)),
      WITNESS_LOGS: logSigner(`evidence.${other}.example/main`, seedOf(other)).key.text,
      WITNESS_DATA_DIRECTORY: join(directory, 'state'),
      WITNESS_LISTEN_PORT: '0',
    });
    await beginWitness(config, systemRandom);
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const ports = { clock: systemClock, random: systemRandom, logger: silent };
    const witness = await startWitness(config, ports);
    opened.defer(() => witness.stop());
    return { origin: `evidence.${name}.example/main`, signingSeed: seedOf(name), witness };
  }

  async function openLedger(
    own: { readonly origin: string; readonly signingSeed: Uint8Array },
    others: RunningWitness,
  ) {
    const storage = await openTestStorage(migrations);
    opened.defer(() => storage.close());
    const at = `http://127.0.0.1:${others.port}`;
    const policy = parsePolicy(`witness other ${others.verifierKey} ${at}/\nquorum other\n`);
    if (!policy.ok) throw new Error(policy.error);
    const ledger = testLedger(storage, {
      origin: own.origin,
      signingSeed: own.signingSeed,
      witnesses: { policy: policy.value, ask: askGuarded([at]), pace: { everyMs: 20 } },
    });
    await ledger.start();
    opened.defer(() => ledger.stop());
    const record = () =>
      storage.transaction((tx) => ledger.record(tx, { kind: 'interaction.started', facts: {} }));
    return { ledger, record };
  }

  test('each sign the other’s log and not their own, and not one that they do not know', async () => {
    const client = await openCompany('client', 'outsourcer');
    const outsourcer = await openCompany('outsourcer', 'client');
    const ours = await openLedger(outsourcer, client.witness);
    const theirs = await openLedger(client, outsourcer.witness);
    const notes: string[] = [];
    for (const { ledger, record } of [ours, theirs]) {
      notes.push((await ledger.witnessed(await record())).checkpoint);
    }
    expect(notes.map((note) => note.split('\n')[0])).toEqual([outsourcer.origin, client.origin]);
    // The client’s witness was told of the outsourcer’s log alone.
    const at = `http://127.0.0.1:${client.witness.port}`;
    const signal = AbortSignal.timeout(20_000);
    const ask = (note: string) =>
      askGuarded([at])(`${at}/add-checkpoint`, `old 0\n\n${note}`, signal);
    expect(await ask(notes[1] ?? '')).toMatchObject({ status: 404 });
    expect(await ask(notes[0] ?? '')).toMatchObject({ status: 409, type: 'text/x.tlog.size' });
  });

  test('are not asked at an internal address that the operator has not named', async () => {
    const { witness } = await openCompany('client', 'outsourcer');
    const ask = askGuarded([]);
    const signal = AbortSignal.timeout(5_000);
    const url = `http://127.0.0.1:${witness.port}/add-checkpoint`;
    await expect(ask(url, 'old 0\n\n', signal)).rejects.toThrow('no address');
    const named = askGuarded([`http://127.0.0.1:${witness.port}`]);
    expect(await named(url, 'old 0\n\n', signal)).toMatchObject({ status: 400 });
  });
});

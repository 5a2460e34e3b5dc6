import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  consistencyPath,
  leafHash,
  logSigner,
  parseNote,
  parseSignatures,
  parseWitnessKey,
  toBase64,
  treeRoot,
  type Hash,
} from '@proofline/evidence';
import { bytesToBase64url, fixedClock, systemRandom } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readWitnessConfig } from './config.ts';
import { beginWitness, startWitness, type RunningWitness } from './start-witness.ts';

const origin = 'log.example/one';
const log = logSigner(origin, seededRandom('witnessed log').bytes(32));
const stranger = logSigner(origin, seededRandom('somebody else').bytes(32));
const leaves: Hash[] = Array.from({ length: 40 }, (_, at) => leafHash(`entry ${at}`));
/** The same log with another past, signed with the same key. */
const forked: Hash[] = leaves.map((hash, at) => (at === 5 ? leafHash('otherwise') : hash));

const rootOf = (size: number, of = leaves) => treeRoot(of.slice(0, size));
const noteAt = (size: number, of = leaves, by = log) =>
  by.signCheckpoint({ size, root: rootOf(size, of) });
const proofFor = (oldSize: number, size: number, of = leaves) =>
  oldSize === 0 || oldSize === size
    ? []
    : consistencyPath(oldSize, size).map(({ start, end }) => treeRoot(of.slice(start, end)));

function bodyOf(oldSize: number | string, note: string, proof: readonly Hash[] = []): string {
  return [`old ${oldSize}`, ...proof.map(toBase64), '', note].join('\n');
}

let directory: string;
let alarms: string[];
/** What stands beside the text of the last one. */
let told: Record<string, unknown>;
let running: RunningWitness;
const clock = fixedClock();

function settings(change: Record<string, string> = {}) {
  return readWitnessConfig({
    WITNESS_NAME: 'witness.example/w1',
    WITNESS_SEED: bytesToBase64url(seededRandom('witness').bytes(32)),
    WITNESS_LOGS: `# one log\n${log.key.text}\n`,
    WITNESS_DATA_DIRECTORY: join(directory, 'state'),
    WITNESS_LISTEN_PORT: '0',
    ...change,
  });
}

const logger = {
  info: () => undefined,
  warn: tell,
  error: tell,
};
function tell(about: object, text?: string): void {
  told = { ...about };
  alarms.push(String(text));
}
const start = (change: Record<string, string> = {}) =>
  startWitness(settings(change), { clock, random: systemRandom, logger });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'witness-'));
  alarms = [];
  await beginWitness(settings(), systemRandom);
  running = await start();
});
afterEach(async () => {
  await running.stop();
  rmSync(directory, { recursive: true });
});

async function ask(body: string | Uint8Array<ArrayBuffer>, to = running) {
  const answer = await fetch(`http://127.0.0.1:${to.port}/add-checkpoint`, {
    method: 'POST',
    body,
  });
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, body: await answer.text() };
}

/** Takes the log from one size to the next as an honest log does. */
const grow = (oldSize: number, size: number, to = running) =>
  ask(bodyOf(oldSize, noteAt(size), proofFor(oldSize, size)), to);

describe('a witness', () => {
  test('signs what follows from what it has signed, with the time, and for its own key', async () => {
    const first = await grow(0, 5);
    expect(first.status).toBe(200);
    const key = parseWitnessKey(running.verifierKey)!;
    const note = parseNote(noteAt(5) + first.body)!;
    const atSeconds = Math.floor(clock.now() / 1000);
    expect(key.findCosignature(note)).toEqual({ state: 'signed', atSeconds });
    expect((await grow(5, 12)).status).toBe(200);
    expect((await grow(12, 12)).status).toBe(200);
    expect(parseSignatures((await grow(12, 40)).body)?.length).toBe(1);
    expect(alarms).toEqual([]);
  });

  test('answers each wrong request as tlog-witness says, and signs none of them', async () => {
    await grow(0, 8);
    const other = logSigner('log.example/two', seededRandom('two').bytes(32));
    const root = rootOf(9);
    const cases: readonly [string, string, number][] = [
      ['an unknown log', bodyOf(0, other.signCheckpoint({ size: 1, root })), 404],
      ['a key that is not the log’s', bodyOf(8, noteAt(9, leaves, stranger), proofFor(8, 9)), 403],
      ['a larger old size than new', bodyOf(9, noteAt(8)), 400],
      ['an old size that it never signed', bodyOf(7, noteAt(9), proofFor(7, 9)), 409],
      ['a start from nothing', bodyOf(0, noteAt(9)), 409],
      ['no proof', bodyOf(8, noteAt(9)), 422],
      ['a proof too many', bodyOf(8, noteAt(9), [...proofFor(8, 9), leafHash('x')]), 422],
      ['a proof where none is needed', bodyOf(8, noteAt(8), [leafHash('x')]), 422],
      ['another past', bodyOf(8, noteAt(9, forked), proofFor(8, 9, forked)), 422],
      ['another tree of the same size', bodyOf(8, noteAt(8, forked)), 409],
    ];
    for (const [name, body, status] of cases) {
      const answer = await ask(body);
      const conflict = status === 409 ? { type: 'text/x.tlog.size', body: '8\n' } : {};
      expect({ name, ...answer }).toMatchObject({ name, status, ...conflict });
    }
    expect((await grow(8, 9)).status).toBe(200);
  });

  test('tells its operator of a fork, and keeps what proves it', async () => {
    await grow(0, 8);
    await ask(bodyOf(7, noteAt(9), proofFor(7, 9)));
    expect(alarms, 'a wrong size is an honest mistake').toEqual([]);
    await ask(bodyOf(8, noteAt(8, forked)));
    await ask(bodyOf(8, noteAt(9, forked), proofFor(8, 9, forked)));
    expect(alarms).toEqual([expect.stringContaining('keep both'), expect.any(String)]);
  });

  test('is told by a forked log’s own proof that it is one, and keeps that', async () => {
    await grow(0, 6);
    const proof = proofFor(6, 9, forked);
    expect((await ask(bodyOf(6, noteAt(9, forked), proof))).status).toBe(422);
    expect(alarms).toEqual([expect.stringContaining('keep both')]);
    expect(told).toMatchObject({ note: noteAt(9, forked), proof: proof.map(toBase64) });
  });

  test('is not brought by anybody to accuse an honest log, nor to write down what they like', async () => {
    await grow(0, 6);
    const line = stranger.signCheckpoint({ size: 1, root: rootOf(1) }).split('\n\n')[1]!;
    const stuffed = noteAt(9) + line.replace(origin, 'mallory.example/m').repeat(90);
    const wrong = [
      bodyOf(6, noteAt(6), [leafHash('x')]),
      bodyOf(6, stuffed, [leafHash('x'), leafHash('y'), leafHash('z')]),
      bodyOf(6, stuffed, [...proofFor(6, 9), leafHash('x')]),
      bodyOf(6, stuffed),
    ];
    for (const body of wrong) expect((await ask(body)).status).toBe(422);
    const once = expect.stringContaining('without a proof');
    expect(alarms, 'once for all of them').toEqual([once]);
    expect(told).toMatchObject({ note: noteAt(9), proof: [] });
    clock.advance(600_000);
    await ask(wrong[1]!);
    expect(alarms).toEqual([once, once]);
    expect((await grow(6, 9)).status).toBe(200);
  });

  test.each([
    ['nothing', ''],
    ['no old size', `\n${noteAt(3)}`],
    ['a leading zero', bodyOf('00', noteAt(3))],
    ['a sign', bodyOf('-1', noteAt(3))],
    ['a size beyond 2^53', bodyOf('9007199254740993', noteAt(3))],
    ['two spaces', `old  0\n\n${noteAt(3)}`],
    ['carriage returns', bodyOf(0, noteAt(3)).replaceAll('\n', '\r\n')],
    ['no empty line', bodyOf(0, noteAt(3)).replace('\n\n', '\n')],
    ['a hash of another length', `old 1\nAAAA\n\n${noteAt(3)}`],
    ['a respelled hash', `old 1\n${toBase64(rootOf(1)).replace(/.=$/, '/=')}\n\n${noteAt(3)}`],
    ['64 hashes', bodyOf(1, noteAt(3), Array(64).fill(leafHash('x')))],
    ['no signature', `old 0\n\n${origin}\n3\n${toBase64(rootOf(3))}\n`],
    ['no final newline', bodyOf(0, noteAt(3)).slice(0, -1)],
    ['a byte order mark', `\ufeff${bodyOf(0, noteAt(3))}`],
    ['what is not UTF-8', Uint8Array.of(0x6f, 0xff, 0xfe)],
  ])('does not take a body with %s', async (_, body) => {
    expect((await ask(body)).status).toBe(400);
  });

  test('takes no endless body, and nothing at other addresses', async () => {
    expect((await ask('x'.repeat(70_000))).status).toBe(413);
    const at = (path: string, method: string) =>
      fetch(`http://127.0.0.1:${running.port}${path}`, { method });
    expect((await at('/add-checkpoint', 'GET')).status).toBe(405);
    expect((await at('/elsewhere', 'POST')).status).toBe(404);
    expect(await (await at('/', 'GET')).text()).toBe(`${running.verifierKey}\n`);
  });

  test('takes two requests for one log one after the other: only one goes on from a size', async () => {
    await grow(0, 8);
    const answers = await Promise.all(
      [10, 20, 30, 40].map((size) => ask(bodyOf(8, noteAt(size), proofFor(8, size)))),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    expect(answers.filter(({ status }) => status === 409).length).toBe(3);
  });

  test('its own times never go back, though its clock does', async () => {
    await grow(0, 8);
    const key = parseWitnessKey(running.verifierKey)!;
    clock.advance(-86_400_000);
    const again = await grow(8, 9);
    clock.advance(86_400_000);
    const found = key.findCosignature(parseNote(noteAt(9) + again.body)!);
    expect(found).toMatchObject({ atSeconds: Math.floor(clock.now() / 1000) });
  });
});

describe('the memory of a witness', () => {
  const stateFiles = () => readdirSync(join(directory, 'state'));

  test('outlives it', async () => {
    await grow(0, 8);
    await running.stop();
    running = await start();
    expect((await grow(0, 9)).body).toBe('8\n');
    expect((await grow(8, 9)).status).toBe(200);
  });

  test('that is missing, another’s or edited keeps it from starting', async () => {
    await grow(0, 8);
    const seed = bytesToBase64url(seededRandom('another').bytes(32));
    await expect(start({ WITNESS_SEED: seed })).rejects.toThrow('another key');
    const empty = { WITNESS_DATA_DIRECTORY: join(directory, 'empty') };
    await expect(start(empty)).rejects.toThrow('no state');
    await expect(beginWitness(settings(), systemRandom)).rejects.toThrow('begun before');
    const note = noteAt(4);
    const state = { format: 'proofline-witness/1', witness: running.verifierKey, signed: [note] };
    writeFileSync(join(directory, 'state', 'state-000000000099.json'), JSON.stringify(state));
    await expect(start()).rejects.toThrow('not signed');
  });

  test('is not set back by an older copy that is laid over it', async () => {
    await grow(0, 8);
    cpSync(join(directory, 'state'), join(directory, 'backup'), { recursive: true });
    await grow(8, 20);
    await grow(20, 30);
    cpSync(join(directory, 'backup'), join(directory, 'state'), { recursive: true });
    await running.stop();
    running = await start();
    expect((await grow(8, 31)).body).toBe('30\n');
  });

  test('that was set back whole comes back with its own word, shown by anybody', async () => {
    await grow(0, 8);
    cpSync(join(directory, 'state'), join(directory, 'backup'), { recursive: true });
    const { body: line } = await grow(8, 20);
    await running.stop();
    rmSync(join(directory, 'state'), { recursive: true });
    cpSync(join(directory, 'backup'), join(directory, 'state'), { recursive: true });
    running = await start();
    // What it would sign now contradicts what it has signed; shown that, it does not.
    const shown = await ask(bodyOf(8, noteAt(20) + line, proofFor(8, 20)));
    expect(shown).toMatchObject({ status: 409, body: '20\n' });
    expect(alarms).toEqual([expect.stringContaining('set back')]);
    const other = bodyOf(8, noteAt(21, forked), proofFor(8, 21, forked));
    expect((await ask(other)).status).toBe(409);
  });

  test('is never gone on from by two processes at once', async () => {
    await grow(0, 8);
    const second = await start();
    expect((await grow(8, 20)).status).toBe(200);
    // It still thinks that 8 is the newest: its write fails, and it signs nothing.
    const late = await ask(bodyOf(8, noteAt(30), proofFor(8, 30)), second);
    // It has read the newer state by now.
    const again = await ask(bodyOf(8, noteAt(30), proofFor(8, 30)), second);
    await second.stop();
    expect([late.status, again.status, again.body]).toEqual([503, 409, '20\n']);
    expect((await grow(20, 30)).status).toBe(200);
  });

  test('that cannot be written is not signed over', async () => {
    await grow(0, 8);
    rmSync(join(directory, 'state'), { recursive: true });
    expect((await grow(8, 20)).status).toBe(500);
    const ready = await fetch(`http://127.0.0.1:${running.port}/readyz`);
    expect(ready.status).toBe(503);
    expect(alarms).toEqual([expect.stringContaining('nothing was signed')]);
  });

  test('keeps two states at most, and no drafts', async () => {
    for (let size = 1; size < 12; size += 1) await grow(size - 1, size);
    expect(stateFiles().length).toBeLessThanOrEqual(2);
  });
});

describe('the settings', () => {
  const { text } = log.key;
  const ownSeed = bytesToBase64url(seededRandom('witnessed log').bytes(32));
  test.each([
    ['no log', { WITNESS_LOGS: '' }, 'WITNESS_LOGS names no log'],
    ['a log twice', { WITNESS_LOGS: `${text}\n${text}\n` }, 'line 2 stands twice'],
    ['a key that is none', { WITNESS_LOGS: `${text}x\n` }, 'line 1 is not'],
    ['a name that is none', { WITNESS_NAME: 'Witness Example' }, 'WITNESS_NAME must be'],
    ['a short seed', { WITNESS_SEED: 'AAAA' }, 'WITNESS_SEED must be'],
    ['no port', { WITNESS_LISTEN_PORT: '' }, 'WITNESS_LISTEN_PORT must be'],
    ['the log’s own key', { WITNESS_SEED: ownSeed }, 'nobody is a witness of their own'],
  ])('with %s stop the start', (_, change, sentence) => {
    expect(() => settings(change)).toThrow(sentence);
  });
});

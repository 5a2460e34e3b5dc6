import {
  logSigner,
  openCheckpoint,
  parsePolicy,
  verifyBundle,
  type WitnessPolicy,
} from '@proofline/evidence';
import { seededRandom } from '@proofline/kernel/node';
import { ProblemError, type FileReply } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryWitness, type MemoryWitness } from '../../../apps/witness/testing/memory-witness.ts';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations, type Ledger, type LedgerDeps } from '../index.ts';
import { memoryMark, testDeps, testId, testLedger } from '../testing/index.ts';
import type { WitnessAnswer } from './types.ts';

let storage: Storage;
let alarms: string[];
let witnesses: Record<string, MemoryWitness>;
let mark: ReturnType<typeof memoryMark>;
/** Witnesses that are down, or say something else than they would. */
let instead: Record<string, ((body: string) => Promise<WitnessAnswer>) | undefined>;
const started: Ledger[] = [];
const log = logSigner('staff.localhost/acme', seededRandom('log seed').bytes(32));
const PACE = { pollMs: 5, everyMs: 20, giveUpMs: 100, backOffMs: 20, backOffMaxMs: 50 };
let pace = PACE;

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  mark = memoryMark();
  alarms = [];
  pace = PACE;
  instead = {};
  witnesses = {};
  for (const name of ['client', 'partner', 'auditor']) {
    witnesses[name] = await memoryWitness(`witness.${name}.example/w1`, [log.key]);
  }
});
afterEach(async () => {
  for (const ledger of started.splice(0)) await ledger.stop();
  await storage.close();
});

function policyOf(rest: string): WitnessPolicy {
  const lines = Object.entries(witnesses).map(
    ([name, { key }]) => `witness ${name} ${key} https://${name}.example/\n`,
  );
  const parsed = parsePolicy(`log ${log.key.text}\n${lines.join('')}${rest}`);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
const TWO_OF_THREE = 'group two 2 client partner auditor\nquorum two\n';

async function start(rest = TWO_OF_THREE, change: Partial<LedgerDeps> = {}): Promise<Ledger> {
  const ledger = testLedger(storage, {
    mark,
    witnesses: {
      policy: policyOf(rest),
      pace,
      ask: (url, body, signal) => {
        expect(url).toMatch(/^https:\/\/[a-z]+\.example\/add-checkpoint$/);
        const name = url.split(/[/.]/)[2] ?? '';
        const brokenOff = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('broken off')));
        });
        return Promise.race([(instead[name] ?? witnesses[name]!.add)(body), brokenOff]);
      },
      onAlarm: ({ witness, text }) => alarms.push(`${witness}: ${text}`),
    },
    ...change,
  });
  await ledger.start();
  started.push(ledger);
  return ledger;
}

function recordOne(ledger: Ledger, text = 'x') {
  return storage.transaction((tx) =>
    ledger.record(tx, { kind: 'interaction.started', facts: { text } }),
  );
}

const standingOf = (ledger: Ledger, name: string) =>
  ledger.health().witnesses!.witnesses.find((one) => one.name === name)!;
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const isDown = () => Promise.reject(new Error('no route to host'));

describe('an entry', () => {
  test('is witnessed once a quorum has signed a checkpoint over it, and the note proves that', async () => {
    const ledger = await start();
    for (let turn = 0; turn < 5; turn += 1) {
      const id = await recordOne(ledger);
      const { checkpoint, index } = await ledger.witnessed(id);
      expect(Number(checkpoint.split('\n')[1])).toBeGreaterThan(index);
    }
    await eventually(() => {
      for (const name of ['client', 'partner', 'auditor']) {
        expect(standingOf(ledger, name)).toMatchObject({ state: 'signs', signed: { size: 6 } });
      }
    });
    expect(alarms).toEqual([]);
  });

  test('of many shares its checkpoint: witnesses are not asked for each batch', async () => {
    const ledger = await start();
    const ids = await Promise.all(Array.from({ length: 60 }, () => recordOne(ledger)));
    await Promise.all(ids.map((id) => ledger.durable(id)));
    await ledger.witnessed(ids.at(-1)!);
    expect(witnesses['client']!.signed.length).toBeLessThan(30);
  });

  test('waits for a witness that is down, and is durable meanwhile', async () => {
    instead = { partner: isDown, auditor: isDown };
    const ledger = await start();
    const id = await recordOne(ledger);
    await ledger.durable(id);
    const witnessed = ledger.witnessed(id);
    await eventually(() => expect(standingOf(ledger, 'client').signed).toBeDefined());
    await eventually(() => expect(standingOf(ledger, 'partner').state).toBe('unreachable'));
    expect(ledger.health()).toMatchObject({ state: 'running', witnesses: { alarm: undefined } });
    instead = {};
    expect(await witnessed).toMatchObject({ index: 1 });
  });

  test('is not witnessed where there are no witnesses', async () => {
    const ledger = testLedger(storage);
    await ledger.start();
    started.push(ledger);
    const id = await recordOne(ledger);
    const refused = ledger.witnessed(id).catch((error: unknown) => error);
    expect(await refused).toBeInstanceOf(ProblemError);
  });
});

describe('one witness of three that lies', () => {
  const lies: readonly (readonly [string, (body: string) => Promise<WitnessAnswer>])[] = [
    ['names a huge size', async () => conflict(9e15)],
    ['names a size that was never, each time', async () => conflict(0)],
    ['says that no proof holds', async () => ({ status: 422, type: 'text/plain', body: '' })],
    ['signs with another key', async () => ({ status: 200, type: '', body: 'no signature\n' })],
    ['answers with nothing of the protocol', async () => ({ status: 418, type: '', body: '' })],
    ['never answers', () => new Promise(() => {})],
  ];
  test.each(lies)('and %s: the other two make the quorum', async (_, lie) => {
    instead = { auditor: lie };
    const ledger = await start();
    for (let turn = 0; turn < 3; turn += 1) await ledger.witnessed(await recordOne(ledger));
    expect(ledger.health().state).toBe('running');
  });

  test('and names the next size whenever the log has it: it keeps the slow others from nothing', async () => {
    pace = { ...PACE, giveUpMs: 3_000 };
    // The two are reached one at a time, so that they sign the same only where it is asked for twice.
    let isTaken = false;
    const slow = (name: string) => async (body: string) => {
      if (isTaken) throw new Error('the line is taken');
      isTaken = true;
      await new Promise((resolve) => setTimeout(resolve, 60));
      isTaken = false;
      return witnesses[name]!.add(body);
    };
    const auditor = async (body: string) => {
      await ledger.durable(await recordOne(ledger));
      return conflict(Number(body.split('\n\n')[1]?.split('\n')[1]) + 1);
    };
    instead = { client: slow('client'), partner: slow('partner'), auditor: isDown };
    const ledger = await start();
    instead = { ...instead, auditor };
    expect(await ledger.witnessed(await recordOne(ledger))).toMatchObject({
      checkpoint: expect.any(String),
    });
    await eventually(() => {
      expect(standingOf(ledger, 'auditor')).toMatchObject({
        state: 'refuses',
        reason: expect.stringContaining('larger size'),
      });
    });
    expect(alarms).toEqual([]);
  });

  test('cannot make one, not with its own signature and not with somebody else’s', async () => {
    instead = {
      auditor: isDown,
      partner: async (body) => {
        const own = await witnesses['partner']!.add(body);
        const others = await witnesses['auditor']!.add(body);
        const [, , signature = ''] = own.body.split(' ');
        // What it gives for another’s line is its own signature.
        const name = 'witness.client.example/w1';
        return { ...own, body: `\u2014 ${name} ${signature}${others.body}` };
      },
      client: isDown,
    };
    const ledger = await start();
    await ledger.durable(await recordOne(ledger));
    await eventually(() => expect(standingOf(ledger, 'partner').state).toBe('refuses'));
    expect(ledger.health().witnesses!.newest).toBeUndefined();
  });

  function conflict(size: number): WitnessAnswer {
    return { status: 409, type: 'text/x.tlog.size', body: `${size}\n` };
  }
});

describe('a witness that knows more', () => {
  const tables = [
    'ledger_entries',
    'ledger_refs',
    'ledger_nodes',
    'ledger_head',
    'ledger_cosigned',
  ];

  async function keepOld(): Promise<void> {
    for (const table of tables) {
      await sql`create table ${sql.table(`${table}_old`)} as select * from ${sql.table(table)}`.execute(
        storage.db,
      );
    }
  }
  async function putBack(): Promise<void> {
    for (const table of tables) {
      await sql`delete from ${sql.table(table)}`.execute(storage.db);
      await sql`insert into ${sql.table(table)} select * from ${sql.table(`${table}_old`)}`.execute(
        storage.db,
      );
    }
  }

  test('says that the database was set back, though the mark was set back with it', async () => {
    const before = await start();
    await before.witnessed(await recordOne(before));
    await before.stop();
    const oldMark = mark.current()!;
    await keepOld();
    const later = await start();
    for (let turn = 0; turn < 3; turn += 1) await later.witnessed(await recordOne(later));
    await later.stop();
    await putBack();
    const after = await start(TWO_OF_THREE, { mark: memoryMark(oldMark) });
    await eventually(() => {
      expect(after.health().witnesses!.alarm).toMatch(/set back/);
      expect(alarms.some((text) => text.startsWith('client: It has signed 5 entries'))).toBe(true);
    });
    // It goes on, as another history: the witnesses sign none of it, whatever its length.
    for (let turn = 0; turn < 5; turn += 1) await after.durable(await recordOne(after, 'other'));
    await eventually(() => {
      expect(alarms.some((text) => text.includes('forked'))).toBe(true);
      expect(witnesses['client']!.alarms.some(({ what }) => what === 'fork')).toBe(true);
    });
    expect(after.health().witnesses!.newest?.size ?? 0).toBeLessThan(5);
  });

  test('of another process’s batch is believed: the log is no smaller', async () => {
    const first = await start();
    await first.witnessed(await recordOne(first));
    const second = await start();
    await second.witnessed(await recordOne(second));
    // The first has not heard of that entry before it is asked to make one.
    await first.witnessed(await recordOne(first));
    expect(alarms).toEqual([]);
  });

  test('than its own memory says: its loss is told, and it signs on', async () => {
    const ledger = await start();
    await ledger.witnessed(await recordOne(ledger));
    await eventually(() => expect(standingOf(ledger, 'client').signed?.size).toBe(2));
    await witnesses['client']!.forget();
    await ledger.witnessed(await recordOne(ledger));
    await eventually(() => expect(alarms).toEqual([expect.stringContaining('had forgotten')]));
  });
});

test('a witness that forgets what it signed each time is told of once', async () => {
  const forgetful = async (body: string) => {
    await witnesses['client']!.forget();
    return witnesses['client']!.add(body);
  };
  instead = { client: forgetful };
  const ledger = await start();
  for (let size = 2; size < 6; size += 1) {
    await ledger.witnessed(await recordOne(ledger));
    await eventually(() => expect(standingOf(ledger, 'client').signed).toMatchObject({ size }));
  }
  expect(alarms).toEqual([expect.stringContaining('client: It had forgotten')]);
});

describe('what the log hands out', () => {
  test('carries the witnesses’ signatures, and still does after a new start', async () => {
    const ledger = await start();
    const id = await recordOne(ledger);
    const { checkpoint } = await ledger.witnessed(id);
    await ledger.stop();
    instead = { client: isDown, partner: isDown, auditor: isDown };
    const again = await start();
    expect(again.health().witnesses!.newest).toMatchObject({ size: 2 });
    expect(standingOf(again, 'client').signed?.size ?? 2).toBe(2);
    expect((await again.witnessed(id)).checkpoint.startsWith(checkpoint.split('\n\n')[0]!)).toBe(
      true,
    );
  });

  const shownBy = async (ledger: Ledger) =>
    Buffer.from((await ledger.files.find('checkpoint', undefined))!.bytes).toString();

  async function putNote(size: number, note: string): Promise<void> {
    await sql`delete from ledger_cosigned where size = ${size}`.execute(storage.db);
    await sql`insert into ledger_cosigned values ('acme', ${size}, ${note}, now())`.execute(
      storage.db,
    );
  }

  async function exported(ledger: Ledger, id: string): Promise<string> {
    const { handler } = ledger.routes.find(({ route }) => route.id === 'evidence.export')!;
    const call = {
      body: { id, purpose: 'a complaint', witnessed: false },
      caller: { kind: 'staff', subjectId: testId('stf') },
      decision: { evidenceId: await recordOne(ledger) },
    };
    // As the edge calls it, after validation.
    return Buffer.from(((await handler(call as never)) as FileReply).bytes).toString();
  }

  test('is the present checkpoint, whichever old one somebody puts in its place', async () => {
    const ledger = await start();
    const id = await recordOne(ledger);
    const { checkpoint: old } = await ledger.witnessed(id);
    await ledger.stop();
    for (let size = 3; size < 20; size += 1) await putNote(size, old);
    instead = { client: isDown, partner: isDown, auditor: isDown };
    const again = await start();
    expect(again.health().witnesses!.newest).toMatchObject({ size: 2 });
    expect(verifyBundle(await exported(again, id))).toMatchObject({ faults: [], ok: true });
    const { size } = again.health();
    const shown = await shownBy(again);
    expect(openCheckpoint(shown, log.key)?.size).toBe(size);
    // Nor with a line below it that its witness wrote below another.
    await putNote(size, shown + old.split('\n').at(-2)! + '\n');
    expect(await shownBy(again)).toBe(shown);
  });

  test('is nothing of what somebody wrote into the database', async () => {
    const ledger = await start();
    await ledger.witnessed(await recordOne(ledger));
    await ledger.stop();
    const stranger = logSigner('staff.localhost/acme', seededRandom('stranger').bytes(32));
    const note = stranger.signCheckpoint({ size: 900, root: new Uint8Array(32) });
    await sql`delete from ledger_cosigned`.execute(storage.db);
    await sql`insert into ledger_cosigned values ('acme', 900, ${note}, now())`.execute(storage.db);
    instead = { client: isDown, partner: isDown, auditor: isDown };
    const again = await start();
    expect(again.health().witnesses!.newest).toBeUndefined();
  });
});

test('a log with witnesses is a log as any other', async () => {
  const ledger = await start();
  await ledger.witnessed(await recordOne(ledger));
  expect(await ledger.check()).toEqual([]);
  expect(testDeps(storage).origin).toBe(log.key.name);
  expect(verifyBundle('{}').witnesses).toBeUndefined();
});

import {
  checkTiles,
  leafHash,
  logSigner,
  openCheckpoint,
  parseEntryBundle,
  parseHashTile,
  parseVerifierKey,
  sameHash,
  tilesOfLevel,
  treeRoot,
  verifyBundle,
  writeTilePath,
} from '@proofline/evidence';
import { openLogReading } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { asOwner } from '../harness/as-owner.ts';
import { enrolWithDevice } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, invoiceOf, proveCall } from './proved-call.ts';
import { codeIn, send } from './send.ts';

let field: Battlefield;
let auditor: Colleague;
let bundle: string;
let trustedKey: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  const agent = await seatFounder(company, 'Ana Ruiz');
  auditor = await seatFounder(company, 'Ulla Petersen');
  const accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  const call = await proveCall(stage, { agent, customer: phone, accountNumber });
  await invoiceOf(agent, await grantOn(agent, call.caseId), accountNumber);
  bundle = await exportOf(auditor, call.interactionId);
  const { body } = await auditor.device.ask(`${company.origins.staff}/api/evidence-log/checkpoint`);
  trustedKey = (body as { verifierKey: string }).verifierKey; // the contract's form
});
afterAll(() => field.close());

async function exportOf(reader: Colleague, id: string): Promise<string> {
  const json = { id, purpose: 'attack on the export' };
  const exported = await reader.console.api('POST', '/api/evidence/exports', json);
  expect(exported.status).toBe(200);
  return typeof exported.body === 'string'
    ? exported.body
    : `${JSON.stringify(exported.body, undefined, 1)}\n`;
}

type Path = readonly (string | number)[];

/** Every text and number of the file, by the way to it. */
function* leavesOf(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return yield path;
  for (const [name, member] of Object.entries(value)) yield* leavesOf(member, [...path, name]);
}

/** The file with one value replaced. */
function edited(path: Path, change: (value: unknown) => unknown): string {
  const copy = JSON.parse(bundle) as unknown;
  let at = copy as Record<string | number, unknown>; // the path was read from this very file
  for (const name of path.slice(0, -1)) at = at[name] as typeof at;
  const last = path.at(-1) ?? '';
  at[last] = change(at[last]);
  return JSON.stringify(copy, undefined, 1);
}

const judge = (text: string) => verifyBundle(text, { trustedKey }).ok;

function swapOne(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  // Not at the end: the last character of base64 may hold unused bits.
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

describe('P8: an export that was changed does not verify', () => {
  test('and one that was not, does', () => {
    expect(judge(bundle)).toBe(true);
  });

  test('each value of the file in turn, one character changed', () => {
    const leaves = [...leavesOf(JSON.parse(bundle))];
    expect(leaves.length).toBeGreaterThan(150);
    const kinds = new Map<string, Path[]>();
    for (const path of leaves) {
      const kind = path.map((step) => (/^\d+$/.test(String(step)) ? '*' : step)).join('.');
      kinds.set(kind, [...(kinds.get(kind) ?? []), path]);
    }
    const survived: string[] = [];
    for (const [kind, paths] of kinds) {
      // Of each kind the first, the last and some between: the file has a thousand values.
      const step = Math.max(1, Math.floor(paths.length / 8));
      for (const path of paths.filter((_, at) => at % step === 0)) {
        if (judge(edited(path, swapOne))) survived.push(kind);
      }
    }
    expect([...new Set(survived)]).toEqual([]);
  });

  test('each entry in turn, left out, doubled or moved', () => {
    const { entries } = JSON.parse(bundle) as { entries: object[] };
    const whole = JSON.parse(bundle) as { entries: object[] };
    for (let at = 0; at < entries.length; at += 1) {
      const without = entries.filter((_, index) => index !== at);
      expect(judge(JSON.stringify({ ...whole, entries: without }))).toBe(false);
      const twice = entries.toSpliced(at, 0, entries[at]!);
      expect(judge(JSON.stringify({ ...whole, entries: twice }))).toBe(false);
      const swapped = entries.with(at, entries[(at + 1) % entries.length]!);
      expect(judge(JSON.stringify({ ...whole, entries: swapped }))).toBe(false);
    }
  });

  test('an entry and its line in the list of contents, both taken out', () => {
    const whole = JSON.parse(bundle) as {
      entries: { index: number }[];
      manifest: { entries: { index: number }[]; outside: unknown[] };
    };
    for (const { index } of whole.entries) {
      const keep = (line: { index: number }) => line.index !== index;
      const cut = {
        ...whole,
        entries: whole.entries.filter(keep),
        manifest: { ...whole.manifest, entries: whole.manifest.entries.filter(keep) },
      };
      expect(judge(JSON.stringify(cut))).toBe(false);
    }
  });

  test('signed anew by somebody else, it is not taken by who knows the log’s key', () => {
    const checkpoint = JSON.parse(bundle) as { checkpoint: string; verifierKey: string };
    const [origin = '', size, root = ''] = checkpoint.checkpoint.split('\n');
    const forger = logSigner(origin, new Uint8Array(32).fill(7));
    const signed = forger.signCheckpoint({
      size: Number(size),
      root: new Uint8Array(Buffer.from(root, 'base64')),
    });
    const forged = { ...checkpoint, checkpoint: signed, verifierKey: forger.key.text };
    expect(judge(JSON.stringify(forged))).toBe(false);
    expect(judge(JSON.stringify({ ...forged, verifierKey: checkpoint.verifierKey }))).toBe(false);
  });

  test('spelled otherwise: a member twice, an unknown member, another format, cut off', () => {
    const spellings = [
      bundle.replace('"format": "', '"format": "proofline-evidence/2", "format": "x'),
      bundle.replace('{', '{"extra":1,'),
      bundle.replace('proofline-evidence/1', 'proofline-evidence/0'),
      bundle.slice(0, -20),
      `${bundle}{}`,
      '[]',
      '{}',
      'null',
      '',
      bundle.replace(/"index": (\d+)/, '"index": "$1"'),
      bundle.replace(/"leaf": "\{/, '"leaf": " {'),
      bundle.replace(/"leaf": "\{\\"/, '"leaf": "{\\u0022'),
    ];
    // JSON escapes of the same text are the same text; everything else must be refused.
    expect(spellings.slice(0, -1).map(judge)).toEqual(spellings.slice(0, -1).map(() => false));
  });
});

describe('P8: the log is read without us, by tiles', () => {
  const read = (path: string, pass?: string) =>
    send({
      origin: field.company.origins.staff,
      path: `/evidence-log/${path}`,
      ...(pass !== undefined && { headers: { authorization: `Bearer ${pass}` } }),
    });

  test('anybody computes its root; entries are for who was permitted, as long as their session lives', async () => {
    const reading = await auditor.console.api('POST', '/api/evidence/readings', {
      purpose: 'an attack by the book',
    });
    const { pass } = openLogReading.reply.parse(reading.body);
    const key = parseVerifierKey(trustedKey)!;
    const { size, root } = openCheckpoint((await read('checkpoint')).text, key)!;
    const tiles = await checkTiles(size, async (tile) =>
      parseHashTile((await read(writeTilePath(tile))).bytes, tile.width),
    );
    expect(tiles.faults).toEqual([]);
    expect(sameHash(tiles.root!, root)).toBe(true);

    const leaves: Uint8Array[] = [];
    for (const tile of tilesOfLevel('entries', size)) {
      expect(codeIn(await read(writeTilePath(tile)))).toBe('token.missing');
      expect(codeIn(await read(writeTilePath(tile), `${pass}x`))).toBe('token.invalid');
      const { bytes, headers } = await read(writeTilePath(tile), pass);
      expect(headers['cache-control']).toBe('private, no-store');
      leaves.push(...(parseEntryBundle(bytes, tile.width) ?? []));
    }
    expect(sameHash(treeRoot(leaves.map(leafHash)), root)).toBe(true);

    await auditor.console.api('POST', '/api/self/sign-out');
    await expect
      .poll(async () => codeIn(await read('tile/entries/000.p/1', pass)))
      .toBe('token.invalid');
    expect((await read('tile/0/000.p/1')).status).toBe(200);
  });
});

describe('P8: a database that was changed is found', () => {
  const asThief = <T>(work: (owner: Db) => Promise<T>) =>
    asOwner(field.company.server.composition.storage, work);
  const check = () => field.company.server.composition.ledger.check();

  /** Changes rows behind the server's back, as who owns the tables, looks, and puts the rows back. */
  async function found(table: string, statement: string): Promise<readonly string[]> {
    await asThief(async (owner) => {
      await sql`create table kept as select * from ${sql.table(table)}`.execute(owner);
      await sql.raw(statement).execute(owner);
    });
    try {
      return await check();
    } finally {
      await asThief(async (owner) => {
        await sql`delete from ${sql.table(table)}`.execute(owner);
        await sql`insert into ${sql.table(table)} select * from kept`.execute(owner);
        await sql`drop table kept`.execute(owner);
      });
    }
  }

  test.each([
    [
      'an entry’s text',
      'ledger_entries',
      `update ledger_entries set leaf = replace(leaf, 'evt_', 'evu_') where idx = 20`,
    ],
    [
      'an entry’s hash',
      'ledger_entries',
      `update ledger_entries set leaf_hash = '\\x00' where idx = 20`,
    ],
    [
      'an entry’s kind',
      'ledger_entries',
      `update ledger_entries set kind = 'interaction.ended' where idx = 20`,
    ],
    [
      'an entry’s time',
      'ledger_entries',
      `update ledger_entries set at = at - interval '1 day' where idx = 20`,
    ],
    ['an entry removed', 'ledger_entries', `delete from ledger_entries where idx = 20`],
    ['the end cut off', 'ledger_entries', `delete from ledger_entries where idx > 20`],
    ['a search term removed', 'ledger_refs', `delete from ledger_refs where idx = 20`],
    ['the head’s size', 'ledger_head', `update ledger_head set size = size - 1`],
    [
      'the head’s checkpoint',
      'ledger_head',
      `update ledger_head set checkpoint = replace(checkpoint, 'evidence', 'evidenze')`,
    ],
    [
      'a pseudonym pointed at somebody else',
      'ledger_pseudonyms',
      `update ledger_pseudonyms set subject_id = 'stf_x' where pseudonym = (select min(pseudonym) from ledger_pseudonyms)`,
    ],
    ['a personal field removed', 'ledger_disclosures', `delete from ledger_disclosures`],
    [
      'a personal field swapped',
      'ledger_disclosures',
      `update ledger_disclosures set sealed = '\\x00'`,
    ],
    ['a key of personal fields destroyed', 'ledger_keys', `delete from ledger_keys`],
  ])('%s', async (_, table, statement) => {
    expect(await check()).toEqual([]);
    expect((await found(table, statement)).length).toBeGreaterThan(0);
    expect(await check()).toEqual([]);
  });

  test('an older database put back is refused at the start, with or without its high-water mark', async () => {
    const { ledger } = field.company.server.composition;
    const tables = ['ledger_entries', 'ledger_refs', 'ledger_nodes', 'ledger_head'];
    await asThief(async (owner) => {
      for (const table of tables) {
        const old = sql.table(`${table}_old`);
        await sql`create table ${old} as select * from ${sql.table(table)}`.execute(owner);
      }
    });
    await seatFounder(field.company, 'Bayo Adeyemi');
    await ledger.stop();
    await asThief(async (owner) => {
      for (const table of tables) {
        const old = sql.table(`${table}_old`);
        await sql`delete from ${sql.table(table)}`.execute(owner);
        await sql`insert into ${sql.table(table)} select * from ${old}`.execute(owner);
      }
    });
    await expect(ledger.start()).rejects.toMatchObject({ code: 'log.rolled-back' });
    await asThief((owner) => sql`delete from ledger_head`.execute(owner));
    await expect(ledger.start()).rejects.toMatchObject({ code: 'log.rolled-back' });
    await asThief((owner) => sql`delete from ledger_outbox`.execute(owner));
  });
});

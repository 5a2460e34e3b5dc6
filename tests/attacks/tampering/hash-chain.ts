import { generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { sha256Base64url } from '@proofline/kernel/node';

/** A row of an audit table that is a hash chain: each row's hash is over the hash before it. */
export interface ChainRow {
  readonly n: number;
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
}

/** The signed head that some keep beside the rows, in the same database. */
export interface ChainHead {
  readonly count: number;
  readonly hash: string;
  readonly signature: string;
}

/**
 * The audit log that is usual elsewhere: a table with `prev_hash` and `hash`, personal fields in clear in
 * the body. `head` is the better kind, where the newest hash is signed with a key of the application.
 */
export interface HashChain {
  readonly rows: readonly ChainRow[];
  readonly head: ChainHead;
}

const BEFORE_THE_FIRST = sha256Base64url('');
const keys = generateKeyPairSync('ed25519');
const keysOfAThief = generateKeyPairSync('ed25519');

/** An honest chain of these. */
export function chainOf(bodies: readonly string[]): HashChain {
  return signed(linked(bodies), keys.privateKey);
}

/** The same bodies with numbers and hashes computed anew, as anybody can who may write to the table. */
export function linkAgain({ head }: HashChain, bodies: readonly string[]): HashChain {
  return { rows: linked(bodies), head };
}

/** {@link linkAgain} by whoever holds the application's key as well. */
export function signAgain(bodies: readonly string[]): HashChain {
  return signed(linked(bodies), keys.privateKey);
}

/** {@link linkAgain} with a signature of the thief's own. */
export function signAsThief(bodies: readonly string[]): HashChain {
  return signed(linked(bodies), keysOfAThief.privateKey);
}

/** Whether the check of the rows alone notices anything. */
export function isNoticedInRows({ rows }: HashChain): boolean {
  return rows.some(
    (row, at) =>
      row.n !== at ||
      row.previous !== (rows[at - 1]?.hash ?? BEFORE_THE_FIRST) ||
      row.hash !== hashOf(row),
  );
}

/** Whether the check of rows and signed head does. */
export function isNoticedByHead(chain: HashChain): boolean {
  const { rows, head } = chain;
  return (
    isNoticedInRows(chain) ||
    head.count !== rows.length ||
    head.hash !== (rows.at(-1)?.hash ?? BEFORE_THE_FIRST) ||
    !verify(null, messageOf(head), keys.publicKey, Buffer.from(head.signature, 'base64url'))
  );
}

function linked(bodies: readonly string[]): ChainRow[] {
  const rows: ChainRow[] = [];
  for (const [n, body] of bodies.entries()) {
    const link = { n, body, previous: rows.at(-1)?.hash ?? BEFORE_THE_FIRST };
    rows.push({ ...link, hash: hashOf(link) });
  }
  return rows;
}

function signed(rows: readonly ChainRow[], key: KeyObject): HashChain {
  const state = { count: rows.length, hash: rows.at(-1)?.hash ?? BEFORE_THE_FIRST };
  const signature = sign(null, messageOf(state), key).toString('base64url');
  return { rows, head: { ...state, signature } };
}

function hashOf({ n, body, previous }: Omit<ChainRow, 'hash'>): string {
  return sha256Base64url(JSON.stringify([n, previous, body]));
}

function messageOf({ count, hash }: Omit<ChainHead, 'signature'>): Buffer {
  return Buffer.from(JSON.stringify([count, hash]));
}

import { createHash } from 'node:crypto';
import type { Storage } from '../types.ts';
import type { TableShape } from './read-shapes.ts';
import { pagesOf } from './table-pages.ts';

/** What is in a table, whatever order its rows are read in. */
export interface TableDigest {
  readonly rows: number;
  /** The sum of SHA-256 over each row, modulo 2^256: equal for equal rows. */
  readonly sum: bigint;
}

const MODULUS = 2n ** 256n;

/** Reads a whole table. Engines may order texts differently, so rows are added up and not chained. */
export async function digestTable(
  storage: Pick<Storage, 'transaction'>,
  shape: TableShape,
): Promise<TableDigest> {
  let rows = 0;
  let sum = 0n;
  for await (const page of pagesOf(storage, shape)) {
    rows += page.length;
    for (const row of page) {
      const hash = createHash('sha256').update(JSON.stringify(row)).digest('hex');
      sum = (sum + BigInt(`0x${hash}`)) % MODULUS;
    }
  }
  return { rows, sum };
}

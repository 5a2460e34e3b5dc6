import type { PGlite, Results } from '@electric-sql/pglite';
import type { StatementResult } from '../session-pool.ts';
import { arrayElements, decodeArray, decoders, knownOids } from '../values.ts';

const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** PGlite options that hand values through as `values.ts` says. */
export const valueOptions = {
  parsers: Object.fromEntries([
    ...decoders,
    ...[...arrayElements].map(([oid, element]): [number, (text: string) => unknown] => [
      oid,
      (text) => decodeArray(text, decoders.get(element) ?? String),
    ]),
  ]),
  serializers: Object.fromEntries(
    [...knownOids, ...arrayElements.keys()].map((oid) => [oid, (text: string) => text]),
  ),
};

/** Runs statements on a PGlite in this thread. */
export async function runOnPglite(
  pglite: PGlite,
  sql: string,
  parameters: readonly (string | null)[],
): Promise<StatementResult> {
  if (parameters.length > 0) {
    return toResult(await pglite.query<Record<string, unknown>>(sql, [...parameters]));
  }
  // The simple protocol: a migration has many statements.
  const results = await pglite.exec(sql);
  const last = results.at(-1);
  return last ? toResult(last) : { rows: [] };
}

function toResult(result: Results<Record<string, unknown>>): StatementResult {
  const isWrite = WRITES.has(result.command ?? '');
  return {
    rows: result.rows,
    ...(isWrite && { affectedRows: result.rowCount ?? result.affectedRows ?? 0 }),
  };
}

import type pg from 'pg';
import { DatabaseError, isStalePlan, StorageError, toErrorFields } from '../database-error.ts';
import type { Session } from '../session-pool.ts';
import { arrayElements, decodeArray, decoders } from '../values.ts';

const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** What this module asks of the driver’s connection. */
export type Connected = Pick<pg.ClientBase, 'query' | 'getTransactionStatus'>;

/** A connection as a {@link Session}; what `nameOf` names is prepared once. */
export function toSession(client: Connected, nameOf: (sql: string) => string | undefined): Session {
  // A changed table ends every plan of this connection: the names of then are not used again.
  let round = 0;
  const ask = (sql: string, parameters: readonly (string | null)[]): Promise<Rows> => {
    if (parameters.length === 0) return askSeveral(client, sql);
    const name = nameOf(sql);
    const named = name !== undefined && { name: `${name}_${round}` };
    return client.query<Record<string, unknown>>({ text: sql, values: [...parameters], ...named });
  };
  return {
    async run(sql, parameters) {
      try {
        return toResult(await ask(sql, parameters));
      } catch (error) {
        const fields = toErrorFields(error);
        if (!isStalePlan(fields)) throw new DatabaseError(fields);
        round += 1;
        // Within a transaction nothing goes on; `isRetryable` lets it be done again as a whole.
        if (client.getTransactionStatus() !== 'I') throw new DatabaseError(fields);
        return toResult(await ask(sql, parameters));
      }
    },
  };
}

type Rows = pg.QueryResult<Record<string, unknown>>;

async function askSeveral(client: Connected, sql: string): Promise<Rows> {
  const last = lastOf(await client.query<Record<string, unknown>>(sql));
  if (!last) throw new StorageError('the server answered nothing');
  return last;
}

/** Several statements answer with an array, which the driver’s types do not know. */
function lastOf(result: Rows | readonly Rows[]): Rows | undefined {
  return 'rows' in result ? result : result.at(-1);
}

function toResult(result: Rows) {
  const isWrite = WRITES.has(result.command);
  return { rows: result.rows, ...(isWrite && { affectedRows: result.rowCount ?? 0 }) };
}

/** How a column of this type is read. */
export function parserOf(oid: number): (text: string) => unknown {
  const element = arrayElements.get(oid);
  if (element === undefined) return decoders.get(oid) ?? String;
  const decode = decoders.get(element) ?? String;
  return (text) => decodeArray(text, decode);
}

import fc from 'fast-check';
import { openStorage, type Storage } from '@proofline/storage';
import { CompiledQuery } from 'kysely';
import {
  policySets,
  questions,
} from '../../packages/cedar/row-filter/testing/arbitrary-policies.ts';
import { Ground, type Query } from '../../packages/cedar/row-filter/testing/compare-decisions.ts';
import {
  randomOf,
  randomRows,
  rowTable,
} from '../../packages/cedar/row-filter/testing/random-rows.ts';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { findPostgres, startThrowawayPostgres } from '../../tests/harness/throwaway-postgres.ts';

/** What came of comparing filters with decisions. */
export interface Comparison {
  /** As the database calls itself. */
  readonly engine: string;
  readonly decisions: number;
  readonly permitted: number;
  readonly policySets: number;
  /** Sets that no filter is made of, as it says with an error. */
  readonly refused: number;
  readonly mismatches: readonly string[];
}

const ROWS = 500;
const SETS_PER_ROUND = 100;

const migrations = [{ id: 'rows-1', why: 'Rows.', sql: rowTable }];

/** {@link compareOn} the embedded engine and, where its programs are installed, a PostgreSQL server. */
export async function compareRows(decisions: number, seed: number): Promise<Comparison[]> {
  const embedded = await openTestStorage(migrations);
  const found = [await compareOn(embedded, { decisions, seed })];
  const programs = findPostgres();
  if (programs === undefined) return found;
  const server = await startThrowawayPostgres(programs);
  try {
    const storage = await openStorage({ url: server.url });
    await storage.migrate(migrations);
    return [...found, await compareOn(storage, { decisions, seed: seed + 1_000_000 })];
  } finally {
    await server.stop();
  }
}

/**
 * Decides at least so many random rows one by one and by the database, in rounds: each has rows,
 * policies and questions of its own, which the seed determines.
 */
async function compareOn(
  storage: Storage,
  { decisions, seed }: { readonly decisions: number; readonly seed: number },
): Promise<Comparison> {
  const query: Query = async (text, parameters) => {
    const { rows } = await storage.db.executeQuery<{ id: string }>(
      CompiledQuery.raw(text, [...parameters]),
    );
    return rows.map(({ id }) => id);
  };
  const found = { decisions: 0, permitted: 0, policySets: 0, refused: 0 };
  const mismatches: string[] = [];
  const [version = ''] = await query(`select version() as id where $1 = $1::text`, ['']);
  const engine = `${/^\w+ [\d.]+/.exec(version)?.[0] ?? version}${storage.kind === 'embedded' ? ', embedded' : ''}`;
  try {
    for (let round = 0; found.decisions < decisions; round += 1) {
      const rows = randomRows(ROWS, randomOf(seed + round));
      await query('delete from rows where $1 = $1::text', ['all']);
      await query(
        'insert into rows select * from jsonb_populate_recordset(null::rows, $1::jsonb)',
        [JSON.stringify(rows)],
      );
      const ground = new Ground(rows);
      const samples = { numRuns: SETS_PER_ROUND, seed: seed + round };
      for (const [policies, asked] of fc.sample(fc.tuple(policySets, questions), samples)) {
        const answers = await ground.compare(policies, asked, query);
        if (answers === undefined) {
          found.refused += 1;
          continue;
        }
        found.policySets += 1;
        found.decisions += ROWS;
        found.permitted += answers.oneByOne.length;
        if (answers.inSql.join() !== answers.oneByOne.join()) {
          mismatches.push(
            `round ${round}: ${JSON.stringify(asked.principal)} ${policies.join(' ')}`,
          );
        }
      }
    }
  } finally {
    await storage.close();
  }
  return { engine, ...found, mismatches };
}

import { StorageError } from '../database-error.ts';
import type { Migration, Storage } from '../types.ts';
import { beginCopy, findCopy, findProgress, keepProgress } from './copy-register.ts';
import { digestTable } from './digest-table.ts';
import { countTables, readShapes, type TableShape } from './read-shapes.ts';
import { addRows, pagesOf, placeOf, type TextRow } from './table-pages.ts';

/** So much text goes into one statement at most, whatever the size of its rows. */
const STATEMENT_MAX_CHARS = 4 * 2 ** 20;

/** From where to where. Both are open as who owns the tables, and nobody else works on them. */
export interface CopyOptions {
  readonly from: Storage;
  readonly to: Storage;
  readonly migrations: readonly Migration[];
  /** What the copy is of; a copy that was begun of something else is not gone on with. */
  readonly identity: string;
  /** Told of each table that has been copied. */
  readonly onTable?: (name: string, rows: number) => void;
}

/** What was copied. */
export interface CopyReport {
  readonly tables: number;
  readonly rows: number;
}

/**
 * Copies every row of every table into an empty database, in pages, and goes on where an earlier attempt
 * was broken off. Then reads both sides again and compares them. The copy stays marked as unfinished
 * until {@link endCopy}.
 *
 * @throws StorageError when the target is not empty, holds a copy of something else, or differs in the end.
 */
export async function copyStorage(options: CopyOptions): Promise<CopyReport> {
  const { from, to, migrations, identity, onTable } = options;
  await takeTarget(to, identity);
  await to.migrate(migrations);
  const shapes = await readShapes(from.db);
  await compareShapes(shapes, await readShapes(to.db));
  for (const shape of shapes) {
    const copied = await copyTable(options, shape);
    onTable?.(shape.name, copied);
  }
  let rows = 0;
  for (const shape of shapes) rows += await compareTable(options, shape);
  return { tables: shapes.length, rows };
}

async function takeTarget(to: Storage, identity: string): Promise<void> {
  const begun = await findCopy(to.db);
  if (begun === identity) return;
  if (begun !== undefined) {
    throw new StorageError(
      'the target holds an unfinished copy of another state of the database: what is copied must not be ' +
        'worked on meanwhile. Empty the target and begin anew',
    );
  }
  if ((await countTables(to.db)) > 0) {
    throw new StorageError('the target is not empty: give a database without any table');
  }
  await beginCopy(to, identity);
}

async function compareShapes(
  ours: readonly TableShape[],
  theirs: readonly TableShape[],
): Promise<void> {
  const differing = ours.find((shape, at) => JSON.stringify(shape) !== JSON.stringify(theirs[at]));
  if (differing || ours.length !== theirs.length) {
    const name = differing?.name ?? theirs.at(-1)?.name ?? '';
    throw new StorageError(
      `the two databases have other tables (${name}): use one version for both`,
    );
  }
}

async function copyTable({ from, to }: CopyOptions, shape: TableShape): Promise<number> {
  const progress = await findProgress(to.db, shape.name);
  let { place, rows } = progress;
  if (progress.isDone) return rows;
  for await (const page of pagesOf(from, shape, place)) {
    place = placeOf(shape, page.at(-1)!);
    rows += page.length;
    const kept = { place: JSON.stringify(place), rows, done: false };
    await to.transaction(async (tx) => {
      for (const part of partsOf(page)) await addRows(tx, shape, part);
      await keepProgress(tx, shape.name, kept);
    });
  }
  const done = { place: JSON.stringify(place ?? []), rows, done: true };
  await to.transaction((tx) => keepProgress(tx, shape.name, done));
  return rows;
}

function* partsOf(page: readonly TextRow[]): Generator<readonly TextRow[]> {
  let part: TextRow[] = [];
  let chars = 0;
  for (const row of page) {
    part.push(row);
    chars += row.reduce((sum, value) => sum + (value?.length ?? 0), 0);
    if (chars < STATEMENT_MAX_CHARS) continue;
    yield part;
    part = [];
    chars = 0;
  }
  if (part.length > 0) yield part;
}

/** Read again on both sides: what was changed meanwhile, or arrived otherwise than it left, is found here. */
async function compareTable({ from, to }: CopyOptions, shape: TableShape): Promise<number> {
  const ours = await digestTable(from, shape);
  const theirs = await digestTable(to, shape);
  if (ours.rows === theirs.rows && ours.sum === theirs.sum) return ours.rows;
  throw new StorageError(
    `the table ${shape.name} has ${ours.rows} rows here and ${theirs.rows} there, and they are not the ` +
      'same: somebody works on one of the two. Stop them, empty the target, and begin anew',
  );
}

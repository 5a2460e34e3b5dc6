import type { Unknown } from '../partial/residual.ts';
import type { Column, Columns } from './column.ts';
import { allOf, anyOf, TRUE, FALSE, type Predicate } from './predicate.ts';
import { RowFilterError } from './row-filter-error.ts';

/** A column as a policy reaches it. */
export interface Reference {
  readonly column: Column;
  /** Everything on the way to it is there. */
  readonly reached: Predicate;
  /** It is there. Implies `reached` together with it. */
  readonly present: Predicate;
  /** It is not there, or something on the way is not: reading it errs. */
  readonly missing: Predicate;
}

/** What lies at a path, and when everything on the way to it is there or is not. */
export type Found = {
  readonly reached: Predicate;
  readonly unreached: Predicate;
} & (
  | { readonly kind: 'column'; readonly reference: Reference }
  /** A record that every row has. */
  | { readonly kind: 'record' }
  /** An attribute that no row has. */
  | { readonly kind: 'absent' }
);

interface Node {
  readonly path: string;
  readonly members: Map<string, Node>;
  column: Column | 'absent' | undefined;
  /** Made on first use. */
  found: Found | undefined;
}

/** The columns of a table, by path; made once and used for every plan. */
export class ColumnTree {
  readonly #roots: Readonly<Record<Unknown['root'], Node>>;

  constructor(columns: Columns) {
    this.#roots = { resource: nodeAt('resource'), context: nodeAt('context') };
    for (const [path, column] of Object.entries(columns)) this.#add(path, column);
  }

  /** The id of the row, where it is declared. */
  get rows(): Column | undefined {
    const { column } = this.#roots.resource;
    return column === 'absent' ? undefined : column;
  }

  /** The names below `context` that have columns. */
  get contextNames(): readonly string[] {
    return [...this.#roots.context.members.keys()];
  }

  /** What lies at the path; throws a `RowFilterError` where nothing is declared. */
  find({ root, path }: Pick<Unknown, 'root' | 'path'>): Found {
    let node = this.#roots[root];
    let reached: Predicate = TRUE;
    let unreached: Predicate = FALSE;
    for (const name of path) {
      const { column } = node;
      if (column === 'absent') throw noColumn(`${root}.${path.join('.')}`);
      if (column?.nullable === true) {
        reached = allOf(reached, { kind: 'not-null', column });
        unreached = anyOf(unreached, { kind: 'null', column });
      }
      const next = node.members.get(name);
      if (next === undefined) throw noColumn(`${root}.${path.join('.')}`);
      node = next;
    }
    return (node.found ??= foundAt(node, reached, unreached));
  }

  #add(path: string, column: Column | 'absent'): void {
    const [root, ...names] = path.split('.');
    if ((root !== 'resource' && root !== 'context') || names.includes('')) {
      throw badColumn(path, 'a path starts with “resource” or “context.…”');
    }
    if (root === 'context' && names.length === 0) {
      throw badColumn(path, 'the context as a whole is no column');
    }
    let node: Node = this.#roots[root];
    for (const name of names) {
      let next = node.members.get(name);
      if (next === undefined) node.members.set(name, (next = nodeAt(`${node.path}.${name}`)));
      node = next;
    }
    if (path === 'resource') checkId(column);
    node.column = column;
  }
}

function checkId(column: Column | 'absent'): void {
  const isEntity =
    column !== 'absent' && typeof column.type === 'object' && 'entity' in column.type;
  if (!isEntity || column.nullable) {
    throw badColumn('resource', 'the id of a row is an entity that is never NULL');
  }
}

function nodeAt(path: string): Node {
  return { path, members: new Map<string, Node>(), column: undefined, found: undefined };
}

function foundAt({ column, members, path }: Node, reached: Predicate, unreached: Predicate): Found {
  if (column === undefined) {
    if (members.size === 0 || path === 'resource') throw noColumn(path);
    return { kind: 'record', reached, unreached };
  }
  if (column === 'absent') return { kind: 'absent', reached, unreached };
  const reference: Reference = column.nullable
    ? {
        column,
        reached,
        present: allOf(reached, { kind: 'not-null', column }),
        missing: anyOf(unreached, { kind: 'null', column }),
      }
    : { column, reached, present: reached, missing: unreached };
  return { kind: 'column', reference, reached, unreached };
}

function noColumn(path: string): RowFilterError {
  return new RowFilterError('no-column', `a policy asks about ${path}, which no column answers`);
}

function badColumn(path: string, problem: string): RowFilterError {
  return new RowFilterError('bad-column', `${path}: ${problem}`);
}

import type { Db, Storage } from '@proofline/storage';

/**
 * A database in which something happens once in the midst of a request: after it has deleted what has run
 * out, hence after it was judged, and before its code is written. `storage` itself does not know of it.
 */
export function betweenLooks(storage: Storage) {
  let act: (() => Promise<void>) | undefined;
  async function pass(): Promise<void> {
    const now = act;
    act = undefined;
    await now?.();
  }
  const deletes = (tables: Db): Db =>
    instead(tables, 'deleteFrom', (delete_) => (table: unknown) => {
      // Kysely’s own, as far as this test’s deletions are built.
      const deletion = delete_(table) as Deletion;
      return act ? afterwards(deletion, pass) : deletion;
    });
  // What `withTables` answers is a database.
  const db = instead(storage.db, 'withTables', (open) => () => deletes(open() as Db));
  const changing: Storage = { ...storage, db };
  return {
    storage: changing,
    /** From the next deletion on it has happened. */
    once(happens: () => Promise<void>): void {
      act = happens;
    },
    hasHappened: () => act === undefined,
  };
}

type Method = (...given: unknown[]) => unknown;

/** The same object with one method in another one’s place. */
function instead<T extends object>(of: T, name: keyof T, by: (method: Method) => Method): T {
  return new Proxy(of, {
    get(target, asked) {
      const value: unknown = Reflect.get(target, asked, target);
      if (typeof value !== 'function') return value;
      // Private members are the object’s own, and not the proxy’s.
      const method: Method = (...given) => value.apply(target, given) as unknown;
      return asked === name ? by(method) : method;
    },
  });
}

interface Deletion {
  where(...condition: unknown[]): Deletion;
  execute(): Promise<unknown>;
}

function afterwards(deletion: Deletion, act: () => Promise<void>): Deletion {
  return {
    where: (...condition) => afterwards(deletion.where(...condition), act),
    async execute() {
      const done = await deletion.execute();
      await act();
      return done;
    },
  };
}

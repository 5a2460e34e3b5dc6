import { CompiledQuery, type Compilable, type QueryResult } from 'kysely';
import type { Db } from './types.ts';

/** Where a value goes that is not known while the statement is built. */
class Place {
  readonly name: string | symbol;
  constructor(name: string | symbol) {
    this.name = name;
  }
}

const places = new Proxy({}, { get: (_target, name) => new Place(name) });

/**
 * A statement that is built once, at its first use, and then asked again and again: to build its text costs
 * more than to ask it. `build` is handed places in the stead of values. It may put each into the statement, as
 * often as it likes, and look at none of them.
 */
export function compileOnce<V extends object, R>(
  build: (db: Db, values: V) => Compilable<R>,
): (db: Db, values: V) => Promise<QueryResult<R>> {
  let compiled: Pick<CompiledQuery, 'sql' | 'parameters'> | undefined;
  return (db, values) => {
    // Whatever a builder is given as a value it only carries to the statement: none needs to be of its type.
    compiled ??= build(db, places as V).compile();
    const bound = compiled.parameters.map((one) =>
      one instanceof Place ? Reflect.get(values, one.name) : one,
    );
    return db.executeQuery<R>(CompiledQuery.raw(compiled.sql, bound));
  };
}

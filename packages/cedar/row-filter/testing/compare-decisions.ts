import { createAuthorizer, type Authorizer } from '../../authorize/authorizer.ts';
import { createEntityStore } from '../../entities/create-entity-store.ts';
import type { EntityStore } from '../../entities/entity-store.ts';
import type { Policy } from '../../policy/policy.ts';
import { parsePolicies } from '../../text/parse-policies.ts';
import { Datetime } from '../../values/datetime.ts';
import { makeRecord } from '../../values/record-prototype.ts';
import { EntityUid, toLong, type CedarRecord } from '../../values/value.ts';
import { createRowFilters, type RowFilter } from '../create-row-filters.ts';
import { RowFilterError } from '../row-filter-error.ts';
import { writeSql } from '../write-sql.ts';
import { contextOf, entityOf, knownEntities, rowColumns, type Row } from './random-rows.ts';

/** Runs SQL over the table of rows. */
export type Query = (text: string, parameters: readonly unknown[]) => Promise<readonly string[]>;

/** A question as {@link questions} makes one. */
export interface Asked {
  readonly principal: string;
  readonly word: string | undefined;
  readonly limit: bigint | undefined;
  readonly on: boolean | undefined;
  readonly user: string | undefined;
}

/** Rows, and an authorizer’s view of them. */
export class Ground {
  readonly #rows: readonly Row[];
  readonly #known = createEntityStore(knownEntities());
  readonly #all: EntityStore;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    this.#all = createEntityStore([...knownEntities(), ...rows.map(entityOf)]);
  }

  /**
   * The ids that the database answers and those that the authorizer permits one by one; `undefined`
   * where the policies cannot be expressed.
   */
  async compare(
    texts: readonly string[],
    asked: Asked,
    query: Query,
  ): Promise<{ readonly inSql: readonly string[]; readonly oneByOne: string[] } | undefined> {
    const policies = new Map(
      texts.map((text, index): [string, Policy] => [`p${index}`, parseOne(text)]),
    );
    const request = {
      principal: new EntityUid('User', asked.principal),
      action: new EntityUid('Action', 'read'),
      context: knownContext(asked),
    };
    let filter: RowFilter;
    try {
      const question = { ...request, resourceType: 'Row', columns: rowColumns };
      filter = createRowFilters(policies.values()).filter(question, this.#known);
    } catch (error) {
      if (error instanceof RowFilterError && error.code === 'not-expressible') return undefined;
      throw error;
    }
    const authorizer = createAuthorizer(policies);
    const oneByOne = this.#rows
      .filter((row) => this.#permits(authorizer, policies, { request, row }))
      .map(({ id }) => id)
      .toSorted();
    return { inSql: (await this.#select(filter, query)).toSorted(), oneByOne };
  }

  async #select(filter: RowFilter, query: Query): Promise<readonly string[]> {
    if (filter.kind === 'none') return [];
    if (filter.kind === 'all') return this.#rows.map(({ id }) => id);
    const { text, parameters } = writeSql(filter.where);
    return query(`select id from rows where ${text}`, parameters);
  }

  /** As the product decides: a forbid that errs denies. */
  #permits(
    authorizer: Authorizer,
    policies: ReadonlyMap<string, Policy>,
    { request, row }: { readonly request: Known; readonly row: Row },
  ): boolean {
    const { decision, errors } = authorizer.authorize(
      {
        ...request,
        resource: new EntityUid('Row', row.id),
        context: contextOf(request.context, row),
      },
      this.#all,
    );
    const isErringForbid = errors.some(({ policy }) => policies.get(policy)?.effect === 'forbid');
    return decision === 'allow' && !isErringForbid;
  }
}

interface Known {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly context: CedarRecord;
}

function knownContext({ word, limit, on, user }: Asked): CedarRecord {
  return makeRecord([
    ['word', word],
    ['limit', limit === undefined ? undefined : toLong(limit)],
    ['on', on],
    ['user', user === undefined ? undefined : new EntityUid('User', user)],
    ['now', new Datetime(86_400_000)],
  ]);
}

function parseOne(text: string): Policy {
  const [parsed] = parsePolicies(text);
  if (parsed === undefined) throw new Error(`no policy: ${text}`);
  return parsed.policy;
}

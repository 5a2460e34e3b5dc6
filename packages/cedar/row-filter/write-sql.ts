import type { SqlFragment, SqlParameter } from './column.ts';
import { fragmentOf, type ColumnSql, type ParameterType, type Predicate } from './predicate.ts';

/**
 * A predicate as SQL: the texts around its parameters, for a query builder that numbers them itself
 * (kysely: `sql<SqlBool>(Object.assign([...strings], { raw: strings }), ...parameters)`).
 *
 * To be joined to a query with AND. Never negate it: NULL counts as “no” in it, and would count as
 * “yes” behind a NOT.
 */
export function writeFragment(where: Predicate): SqlFragment {
  const writer = new Writer();
  writer.predicate(where);
  return writer.fragment();
}

/** A predicate as SQL text with `$1…`, or on from the first number that is free. */
export function writeSql(
  where: Predicate,
  firstParameter = 1,
): { readonly text: string; readonly parameters: readonly SqlParameter[] } {
  const { strings, parameters } = writeFragment(where);
  const [head = '', ...rest] = strings;
  const text = rest.reduce((sql, part, index) => `${sql}$${firstParameter + index}${part}`, head);
  return { text, parameters };
}

type Writers = {
  readonly [K in Predicate['kind']]: (one: Predicate & { readonly kind: K }, to: Writer) => void;
};

const writers: Writers = {
  true: (_, to) => to.add('true'),
  false: (_, to) => to.add('false'),
  and: ({ of }, to) => to.list(' AND ', of),
  or: ({ of }, to) => to.list(' OR ', of),
  null: ({ column }, to) => to.add(column, ' IS NULL'),
  'not-null': ({ column }, to) => to.add(column, ' IS NOT NULL'),
  flag: ({ column, is }, to) => to.add(is ? '' : 'NOT ', column),
  compare: ({ column, operator, value, type }, to) =>
    to.add(column, ` ${operator} `).parameter(value, type),
  'compare-columns': ({ column, operator, other }, to) => to.add(column, ` ${operator} `, other),
  distinct: ({ column, value }, to) =>
    to.add(column, ' IS DISTINCT FROM ').parameter(value, 'text'),
  'one-of': ({ column, values, type }, to) =>
    to.add(column, ' = ANY(').parameter(values, type).add(')'),
  'none-of': ({ column, values, type }, to) =>
    to.add(column, ' <> ALL(').parameter(values, type).add(')'),
  like: ({ column, pattern }, to) =>
    to.add(column, ' LIKE ').parameter(pattern, 'text').add(ESCAPE),
  'not-like': ({ column, pattern }, to) =>
    to.add(column, ' NOT LIKE ').parameter(pattern, 'text').add(ESCAPE),
  array: ({ column, operator, values, type, negated }, to) =>
    to
      .add(negated ? 'NOT (' : '(', column, ` ${operator} `)
      .parameter(values, type)
      .add(')'),
  empty: ({ column }, to) => to.add('cardinality(', column, ') = 0'),
  'not-empty': ({ column }, to) => to.add('cardinality(', column, ') > 0'),
  'not-among': ({ column, value }, to) =>
    to.add('(').parameter(value, 'text').add(' = ANY(', column, ')) IS NOT TRUE'),
};

const ESCAPE = ` ESCAPE '!'`;

class Writer {
  readonly #strings = [''];
  readonly #parameters: SqlParameter[] = [];

  fragment(): SqlFragment {
    return { strings: this.#strings, parameters: this.#parameters };
  }

  predicate(where: Predicate): void {
    // The table has a writer of exactly this kind; TypeScript cannot correlate the two.
    const write = writers[where.kind] as (one: Predicate, to: Writer) => void;
    write(where, this);
  }

  list(separator: string, parts: readonly Predicate[]): void {
    this.add('(');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.add(separator);
      this.predicate(part);
    }
    this.add(')');
  }

  add(...parts: readonly (string | ColumnSql)[]): this {
    for (const part of parts) {
      if (typeof part === 'string') this.#text(part);
      else this.#column(part);
    }
    return this;
  }

  /** The cast says what a parameter is, whatever stands on the other side. */
  parameter(value: SqlParameter, type: ParameterType): this {
    this.#push(value);
    this.#text(Array.isArray(value) ? `::${type}[]` : `::${type}`);
    return this;
  }

  /** In parentheses, since it may be any expression. */
  #column(column: ColumnSql): void {
    const { strings, parameters } = fragmentOf(column);
    this.#text('(');
    for (const [index, text] of strings.entries()) {
      this.#text(text);
      const parameter = parameters[index];
      if (parameter !== undefined) this.#push(parameter);
    }
    this.#text(')');
  }

  #push(value: SqlParameter): void {
    this.#parameters.push(value);
    this.#strings.push('');
  }

  #text(text: string): void {
    this.#strings[this.#strings.length - 1] += text;
  }
}

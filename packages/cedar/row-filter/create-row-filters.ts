import type { EntityStore } from '../entities/entity-store.ts';
import {
  canConcern,
  evaluateConditions,
  evaluateScope,
  knownOf,
  type PartialRequest,
} from '../partial/evaluate-partially.ts';
import type { Known } from '../partial/reduce.ts';
import type { Policy } from '../policy/policy.ts';
import { ColumnTree } from './column-tree.ts';
import type { Columns } from './column.ts';
import { allOf, anyOf, FALSE, TRUE, type Predicate } from './predicate.ts';
import { PolicyShelf } from './policy-shelf.ts';
import { truthOf, type Surroundings } from './translate.ts';
import { and, settled, type Truth } from './truth.ts';

/** Which rows a principal may act on: all, none, or those where a predicate is true. */
export type RowFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'where'; readonly where: Predicate };

/** A question about every row of a table at once. */
export interface RowQuestion extends PartialRequest {
  readonly columns: Columns;
  /**
   * `enforcement` (the default): a forbid that errs for a row denies it. `cedar`: it is skipped, as
   * the Cedar language has it.
   */
  readonly mode?: 'enforcement' | 'cedar';
}

/** A policy set made ready for filters. */
export interface RowFilters {
  /**
   * The rows for which the policies permit the request. For each row it says what an authorizer says
   * of that row.
   *
   * @throws {RowFilterError} where the policies ask what no column answers, or what SQL does not
   *   compute as Cedar does. Then nothing may be shown.
   */
  filter(question: RowQuestion, entities: EntityStore): RowFilter;
}

/** Combinations of action and types that are kept, at most. */
const KEPT_MAX = 1024;

/** Lays out a set of policies, none of them a template, for {@link RowFilters}. */
export function createRowFilters(policies: Iterable<Policy>): RowFilters {
  const all = [...policies];
  const kept = new Map<string, Concerned>();
  const trees = new WeakMap<Columns, ColumnTree>();

  function concernedOf(known: Known): Concerned {
    const { principal, action, resource } = known.frame;
    const key = [principal.type, resource.type, action.type, action.id].join('\n');
    const found = kept.get(key);
    if (found !== undefined) return found;
    const concerned = all.filter((policy) => canConcern(policy, known));
    const made: Concerned = {
      permits: new PolicyShelf(concerned.filter(({ effect }) => effect === 'permit')),
      forbids: new PolicyShelf(concerned.filter(({ effect }) => effect === 'forbid')),
    };
    if (kept.size < KEPT_MAX) kept.set(key, made);
    return made;
  }

  function treeOf(columns: Columns): ColumnTree {
    let tree = trees.get(columns);
    if (tree === undefined) trees.set(columns, (tree = new ColumnTree(columns)));
    return tree;
  }

  return {
    filter(question, entities) {
      const columns = treeOf(question.columns);
      const names = columns.contextNames;
      const unknownContext =
        names.length === 0
          ? question.unknownContext
          : new Set([...(question.unknownContext ?? []), ...names]);
      const known = knownOf({ ...question, ...(unknownContext && { unknownContext }) }, entities);
      return toFilter(predicateOf(concernedOf(known), known, { question, columns }));
    },
  };
}

interface Concerned {
  readonly permits: PolicyShelf;
  readonly forbids: PolicyShelf;
}

function predicateOf(
  { permits, forbids }: Concerned,
  known: Known,
  { question, columns }: { readonly question: RowQuestion; readonly columns: ColumnTree },
): Predicate {
  const { frame } = known;
  const around = { columns, frame };
  const permitted: Predicate[] = [];
  for (const policy of permits.fitting(frame, columns.rows)) {
    const { holds } = truthOfPolicy(policy, known, around);
    permitted.push(holds);
    if (holds === TRUE) break;
  }
  let where = anyOf(...permitted);
  if (where === FALSE) return FALSE;
  for (const policy of forbids.fitting(frame, columns.rows)) {
    const { fails, errs } = truthOfPolicy(policy, known, around);
    where = allOf(where, question.mode === 'cedar' ? anyOf(fails, errs) : fails);
    if (where === FALSE) break;
  }
  return where;
}

function truthOfPolicy(policy: Policy, known: Known, around: Surroundings): Truth {
  const scope = truthOf(evaluateScope(policy, known), around);
  if (scope.holds === FALSE) return settled.false;
  return and(scope, truthOf(evaluateConditions(policy, known), around));
}

function toFilter(where: Predicate): RowFilter {
  if (where === TRUE) return { kind: 'all' };
  return where === FALSE ? { kind: 'none' } : { kind: 'where', where };
}

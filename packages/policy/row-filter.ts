import {
  actionEntities,
  CedarInputError,
  checkScope,
  createEntityStore,
  createRowFilters,
  generateConverter,
  RowFilterError,
  type Columns,
  type EntityStore,
  type RowFilter,
  type RowFilters,
  type Schema,
} from '@proofline/cedar';
import { uidOf } from './compiled-engine.ts';
import { withDefaultsOfKnown } from './cautious-defaults.ts';
import type { PolicySet } from './policy-set.ts';
import { createPrincipalStore } from './principal-store.ts';
import { groupsOf, NAMESPACE, type Question } from './question.ts';

/** A question about every row of a table at once. */
export interface RowQuestion extends Omit<Question, 'resource'> {
  /** The type that each row is of, without the namespace. */
  readonly resourceType: string;
  /**
   * What the rows say. Whatever of the context is neither here nor in `context` is unknown, and a
   * policy that asks about it makes no filter.
   */
  readonly columns: Columns;
}

/** The name of an entity type as columns need it: `Interaction` → `Proofline::Interaction`. */
export function qualifiedType(type: string): string {
  return `${NAMESPACE}::${type}`;
}

/**
 * The rows for which {@link decide} would permit, in enforcement mode as always.
 *
 * @throws {RowFilterError} where no filter can be made: then nothing may be shown.
 */
export function rowFilter(set: PolicySet, question: RowQuestion): RowFilter {
  const { schema, actions, filters } = readyOf(set);
  const principal = uidOf(question.principal);
  const action = uidOf({ type: 'Action', id: question.action });
  const resource = uidOf({ type: question.resourceType, id: '' });
  try {
    const { context: type } = checkScope(schema, { principal, action, resource });
    const known = withDefaultsOfKnown(set.defaults, question.action, question.context);
    const context = generateConverter(type)(known, ['context']);
    if (Object.hasOwn(question.context, 'chain'))
      throw new RowFilterError('not-expressible', 'several act: a row is filtered for one');
    // Whoever lists does so in a session of their own, in which no program acts for them.
    const names = type.attributes.map(({ name }) => name).filter((name) => name !== 'chain');
    const about = { ...question, resource: { type: question.resourceType, id: '' } };
    return filters.filter(
      {
        principal,
        action,
        resourceType: resource.type,
        context,
        unknownContext: new Set(names.filter((name) => !Object.hasOwn(question.context, name))),
        columns: question.columns,
      },
      createPrincipalStore(principal, groupsOf(about).map(uidOf), actions),
    );
  } catch (error) {
    if (!(error instanceof CedarInputError)) throw error;
    throw new RowFilterError('not-expressible', `the schema refuses the question: ${error.code}`);
  }
}

interface Ready {
  readonly schema: Schema;
  readonly actions: EntityStore;
  readonly filters: RowFilters;
}

/** Made on the first question: most sets are never asked about rows. */
const ready = new WeakMap<PolicySet, Ready>();

function readyOf(set: PolicySet): Ready {
  const known = ready.get(set);
  if (known !== undefined) return known;
  const { schema, policies } = set.read;
  const made = {
    schema,
    actions: createEntityStore(actionEntities(schema)),
    filters: createRowFilters([...policies.values()]),
  };
  ready.set(set, made);
  return made;
}

import type { CedarRecord, Entity, EntityStore, EntityUid } from '@proofline/cedar';

const nothing: CedarRecord = Object.freeze({});

/**
 * The entities of one question: the principal, in its roles, before the actions of the schema. What
 * else is known of a question stands in its context.
 */
export function createPrincipalStore(
  uid: EntityUid,
  roles: readonly EntityUid[],
  actions: EntityStore,
): EntityStore {
  const principal: Entity = {
    uid,
    attributes: nothing,
    tags: nothing,
    ancestors: roles,
    isBelow: (above) => roles.some(({ type, id }) => id === above.id && type === above.type),
  };
  return {
    find: (wanted) =>
      wanted === uid || (wanted.id === uid.id && wanted.type === uid.type)
        ? principal
        : actions.find(wanted),
  };
}

import { isActionType, type EntityUid, type Schema } from '@proofline/cedar';
import type { Script } from '../smt/script.ts';
import { and, FALSE, or, same, text, type Term } from '../smt/term.ts';
import type { SymbolicEntity, SymbolicRecord } from './symbolic-value.ts';

/** Everything that a policy can see of one kind of request. */
export interface World {
  readonly script: Script;
  readonly schema: Schema;
  readonly principal: SymbolicEntity;
  readonly action: SymbolicEntity;
  readonly resource: SymbolicEntity;
  readonly context: SymbolicRecord;
}

const NAMESPACE = 'Proofline';

/**
 * `below in above`, where a question’s entities are those that the PDP makes of it: the actions of the
 * schema in their groups, and the principal in the roles that its facts name. Nothing else is known.
 */
export function isIn(world: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  const itself = below.entityType === above.entityType ? same(below.term, above.term) : FALSE;
  return or(itself, isInGroup(world, below, above), isInRole(world, below, above));
}

function isInGroup({ schema }: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  if (!isActionType(above.entityType)) return FALSE;
  const ways: Term[] = [];
  for (const { uid, ancestors } of schema.actions.get(below.entityType)?.values() ?? []) {
    const isIt = ancestors.length === 0 ? FALSE : same(below.term, idOf(uid));
    // Mostly the action is known, and no other needs to be looked at.
    if (isIt === FALSE) continue;
    const groups = ancestors.filter(({ type }) => type === above.entityType);
    ways.push(and(isIt, or(...groups.map((group) => same(above.term, idOf(group))))));
  }
  return or(...ways);
}

const ids = new WeakMap<EntityUid, Term>();

/** The id of an entity that policies or the schema name. */
export function idOf(uid: EntityUid): Term {
  const term = ids.get(uid) ?? text(uid.id);
  ids.set(uid, term);
  return term;
}

/** As `groupsOf` of `@proofline/policy` reads the facts; a property test compares the two. */
function isInRole(world: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  const { principal, context } = world;
  if (below.entityType !== principal.entityType) return FALSE;
  return and(same(below.term, principal.term), standsIn(principal, above, context));
}

function standsIn(principal: SymbolicEntity, role: SymbolicEntity, context: SymbolicRecord): Term {
  if (principal.entityType === `${NAMESPACE}::Staff`) {
    if (role.entityType !== `${NAMESPACE}::Role`) return FALSE;
    const roles = factOf(context, 'staff', 'roles');
    if (roles?.value.kind !== 'set-of' || roles.value.element.kind !== 'string') return FALSE;
    return and(roles.isPresent, `(select ${roles.value.term} ${role.term})`);
  }
  if (role.entityType !== `${NAMESPACE}::ServiceRole`) return FALSE;
  const named = factOf(context, 'service', 'role');
  if (named?.value.kind !== 'string') return FALSE;
  return and(named.isPresent, same(named.value.term, role.term));
}

function factOf(context: SymbolicRecord, name: string, member: string) {
  const facts = context.members.get(name);
  if (facts?.value.kind !== 'record') return undefined;
  const found = facts.value.members.get(member);
  return found && { isPresent: and(facts.isPresent, found.isPresent), value: found.value };
}

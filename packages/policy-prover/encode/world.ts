import { isActionType, type ActionType, type EntityUid, type Schema } from '@proofline/cedar';
import { qualifiedType, roleFactOf, shortName } from '@proofline/policy';
import type { Script } from '../smt/script.ts';
import { and, FALSE, or, same, text, type Term } from '../smt/term.ts';
import type { SymbolicEntity, SymbolicMember, SymbolicRecord } from './symbolic-value.ts';

/** Everything that a policy can see of one kind of request. */
export interface World {
  readonly script: Script;
  readonly schema: Schema;
  readonly principal: SymbolicEntity;
  readonly action: SymbolicEntity;
  readonly resource: SymbolicEntity;
  readonly context: SymbolicRecord;
}

/**
 * `below in above`, where a question’s entities are those that the PDP makes of it: the actions of the
 * schema in their groups, and the principal in the roles that its facts name. Nothing else is known.
 */
export function isIn(world: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  const itself = below.entityType === above.entityType ? same(below.term, above.term) : FALSE;
  return or(itself, isInGroup(world, below, above), isInRole(world, below, above));
}

function isInGroup(world: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  if (!isActionType(above.entityType)) return FALSE;
  const known = below === world.action ? actionOf(world) : undefined;
  const actions = known ? [known] : (world.schema.actions.get(below.entityType)?.values() ?? []);
  const ways: Term[] = [];
  for (const { uid, ancestors } of actions) {
    const groups = ancestors.filter(({ type }) => type === above.entityType);
    if (groups.length === 0) continue;
    const isIt = same(below.term, idOf(uid));
    ways.push(and(isIt, or(...groups.map((group) => same(above.term, idOf(group))))));
  }
  return or(...ways);
}

/** The action of a kind of request is known: its term is the text of its id. */
export function actionOf({ schema, action }: World): ActionType | undefined {
  const actions = schema.actions.get(action.entityType);
  if (actions === undefined) return undefined;
  let byTerm = actionsByTerm.get(actions);
  if (byTerm === undefined) {
    byTerm = new Map(Array.from(actions.values(), (one) => [idOf(one.uid), one]));
    actionsByTerm.set(actions, byTerm);
  }
  return byTerm.get(action.term);
}

const actionsByTerm = new WeakMap<object, Map<Term, ActionType>>();

const ids = new WeakMap<EntityUid, Term>();

/** The id of an entity that policies or the schema name. */
export function idOf(uid: EntityUid): Term {
  const term = ids.get(uid) ?? text(uid.id);
  ids.set(uid, term);
  return term;
}

function isInRole(world: World, below: SymbolicEntity, above: SymbolicEntity): Term {
  const { principal, context } = world;
  if (below.entityType !== principal.entityType) return FALSE;
  return and(same(below.term, principal.term), standsIn(principal, above, context));
}

/** As `groupsOf` of `@proofline/policy` has it, which reads the same fact. */
function standsIn(principal: SymbolicEntity, role: SymbolicEntity, context: SymbolicRecord): Term {
  const { member, fact, entityType } = roleFactOf(shortName(principal.entityType));
  if (role.entityType !== qualifiedType(entityType)) return FALSE;
  const named = factOf(context, member, fact);
  if (named === undefined) return FALSE;
  const { isPresent, value } = named;
  if (value.kind === 'string') return and(isPresent, same(value.term, role.term));
  if (value.kind !== 'set-of' || value.element.kind !== 'string') return FALSE;
  return and(isPresent, `(select ${value.term} ${role.term})`);
}

function factOf(context: SymbolicRecord, name: string, member: string): SymbolicMember | undefined {
  const facts = context.members.get(name);
  if (facts?.value.kind !== 'record') return undefined;
  const found = facts.value.members.get(member);
  return found && { isPresent: and(facts.isPresent, found.isPresent), value: found.value };
}

import type { JsonObject } from '@proofline/kernel';

/** The namespace of the schema, which stands before every type and action. */
export const NAMESPACE = 'Proofline';

/** A typed thing: `{ type: 'Account', id: 'A-1001' }`, without the namespace of the schema. */
export interface EntityRef {
  readonly type: string;
  readonly id: string;
}

/** Everything that a decision rests on. The same question under the same release: the same outcome. */
export interface Question {
  readonly principal: EntityRef;
  /** `domain:verb`, or `field:view` and `field:mask` with `context.category`. */
  readonly action: string;
  readonly resource: EntityRef;
  /**
   * Facts as the schema declares them. `context.staff.roles` and `context.service.role` also place
   * the principal in its roles, so that a question names a role in one place only.
   */
  readonly context: JsonObject;
}

/** A member of the context that is an object, else `undefined`. */
export function factsOf(question: Question, name: string): JsonObject | undefined {
  const value = question.context[name];
  // Of JSON's values only an object is left once null, scalars and arrays are excluded.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Which fact places a principal in entities of which type. */
export interface RoleFact {
  readonly member: string;
  /** A text, or a list of texts. */
  readonly fact: string;
  readonly entityType: string;
}

const ofStaff: RoleFact = { member: 'staff', fact: 'roles', entityType: 'Role' };
const ofServices: RoleFact = { member: 'service', fact: 'role', entityType: 'ServiceRole' };

/** The fact that names the roles of principals of a type, by its name without the namespace. */
export function roleFactOf(principalType: string): RoleFact {
  return principalType === 'Staff' ? ofStaff : ofServices;
}

/** The roles that the principal stands in, as its facts say. */
export function groupsOf(question: Question): EntityRef[] {
  const { member, fact, entityType } = roleFactOf(question.principal.type);
  const named = factsOf(question, member)?.[fact];
  if (typeof named === 'string') return [{ type: entityType, id: named }];
  return Array.isArray(named) ? named.map((id) => ({ type: entityType, id: String(id) })) : [];
}

import type { Request } from '../authorize/frame.ts';
import { nameOf } from '../entities/name-of.ts';
import { CedarInputError } from '../input-error.ts';
import type { EntityUid } from '../values/value.ts';
import { checkRecord } from './check-value.ts';
import { findAction, type ActionType, type Schema } from './schema.ts';

/** A request whose context is known to be good: `generateConverter` read it by the action's type. */
export type RequestScope = Omit<Request, 'context'>;

/**
 * Whether the schema allows this principal, action and resource together: declared types, ids that
 * an enumeration has, an action that applies to both. Gives the action; throws a `CedarInputError`.
 */
export function checkScope(schema: Schema, request: RequestScope): ActionType {
  const allowed = findAllowed(schema, request);
  if (allowed !== undefined) return allowed;
  checkPart(schema, request.principal, 'principal');
  checkPart(schema, request.resource, 'resource');
  const action = findAction(schema, request.action);
  if (action === undefined) {
    const message = `the schema declares no action ${nameOf(request.action)}`;
    throw new CedarInputError('undeclared', message, ['action']);
  }
  const part = action.principalTypes.has(request.principal.type) ? 'resource' : 'principal';
  throw notApplicable(action, request[part], part);
}

/**
 * The action of {@link checkScope}, or `undefined` where that throws: for who does not tell why. An error has
 * a stack, and costs more than a decision.
 */
export function findAllowed(
  schema: Schema,
  { principal, action: uid, resource }: RequestScope,
): ActionType | undefined {
  const action = findAction(schema, uid);
  const isAllowed =
    action !== undefined &&
    action.principalTypes.has(principal.type) &&
    action.resourceTypes.has(resource.type) &&
    isDeclared(schema, principal) &&
    isDeclared(schema, resource);
  return isAllowed ? action : undefined;
}

function isDeclared(schema: Schema, { type, id }: EntityUid): boolean {
  const entityType = schema.entityTypes.get(type);
  return entityType !== undefined && (entityType.ids === undefined || entityType.ids.has(id));
}

/** Whether the schema allows a request, its context included; throws a `CedarInputError`. */
export function checkRequest(schema: Schema, request: Request): ActionType {
  const action = checkScope(schema, request);
  checkRecord(request.context, action.context, ['context']);
  return action;
}

function checkPart(schema: Schema, uid: EntityUid, part: 'principal' | 'resource'): void {
  const entityType = schema.entityTypes.get(uid.type);
  if (entityType === undefined) {
    const message = `the schema declares no entity type ${uid.type}`;
    throw new CedarInputError('undeclared', message, [part]);
  }
  if (entityType.ids !== undefined && !entityType.ids.has(uid.id)) {
    const message = `the enumeration ${uid.type} has no such id`;
    throw new CedarInputError('not-in-enum', message, [part]);
  }
}

function notApplicable(
  action: ActionType,
  uid: EntityUid,
  part: 'principal' | 'resource',
): CedarInputError {
  const message = `${nameOf(action.uid)} does not apply to a ${part} of type ${uid.type}`;
  return new CedarInputError('not-applicable', message, [part]);
}

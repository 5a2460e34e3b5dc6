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
  checkPart(schema, request.principal, 'principal');
  checkPart(schema, request.resource, 'resource');
  const action = findAction(schema, request.action);
  if (action === undefined) {
    const message = `the schema declares no action ${nameOf(request.action)}`;
    throw new CedarInputError('undeclared', message, ['action']);
  }
  if (!action.principalTypes.has(request.principal.type)) {
    throw notApplicable(action, request.principal, 'principal');
  }
  if (!action.resourceTypes.has(request.resource.type)) {
    throw notApplicable(action, request.resource, 'resource');
  }
  return action;
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

import { isActionType, type Schema } from '@proofline/cedar';
import { actions as contract } from '@proofline/protocol';
import { NAMESPACE } from '../question.ts';
import type { Invariant } from './invariant.ts';

/** A kind of request: all questions for one action on one type of resource by one type of principal. */
export interface KindOfRequest {
  readonly action: string;
  readonly principalType: string;
  readonly resourceType: string;
}

/** The name of a type without the namespace, as questions have it. */
export function shortName(type: string): string {
  return type.startsWith(`${NAMESPACE}::`) ? type.slice(NAMESPACE.length + 2) : type;
}

/** Every kind of request that the schema allows and the invariant speaks of. */
export function kindsOfRequest(schema: Schema, { about }: Invariant): KindOfRequest[] {
  const { principals, actions, exceptActions = [], tiers, resources } = about;
  return allKinds(schema).filter(
    ({ action, principalType, resourceType }) =>
      (principals === undefined || principals.includes(shortName(principalType))) &&
      (resources === undefined || resources.includes(shortName(resourceType))) &&
      (actions === undefined || actions.some((pattern) => actionFits(pattern, action))) &&
      !exceptActions.some((pattern) => actionFits(pattern, action)) &&
      (tiers === undefined || tiers.includes(tierOf(action))),
  );
}

function allKinds(schema: Schema): KindOfRequest[] {
  return [...schema.actions]
    .filter(([type]) => isActionType(type))
    .flatMap(([, actions]) => [...actions.values()])
    .flatMap(({ uid, principalTypes, resourceTypes }) =>
      [...principalTypes].flatMap((principalType) =>
        [...resourceTypes].map((resourceType) => ({
          action: uid.id,
          principalType,
          resourceType,
        })),
      ),
    );
}

/** Whether the name of an action is one that a pattern stands for; `*` is any text. */
export function actionFits(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === action;
  if (!action.startsWith(first)) return false;
  let at = first.length;
  for (const [index, piece] of rest.entries()) {
    if (index === rest.length - 1)
      return action.length - piece.length >= at && action.endsWith(piece);
    const found = action.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

/** What is not the contract’s is nobody’s to call harmless. */
function tierOf(action: string): 'low' | 'medium' | 'high' {
  const known: Readonly<Record<string, { readonly tier: 'low' | 'medium' | 'high' }>> = contract;
  return Object.hasOwn(known, action) ? (known[action]?.tier ?? 'high') : 'high';
}

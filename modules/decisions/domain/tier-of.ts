import { actions, type Action, type Tier } from '@proofline/protocol';

/** How much harm an action can do. What is not the contract's is nobody's to call harmless. */
export function tierOf(action: string): Tier {
  return isContractAction(action) ? actions[action].tier : 'high';
}

/** Whether the action is one of the contract's, whose facts come from their owners alone. */
export function isContractAction(action: string): action is Action {
  return Object.hasOwn(actions, action);
}

import { routes } from '@proofline/protocol';
import type { DecisionInput, Facts } from '../types.ts';

/** A grant is issued when the console needs one, so a control does not wait for it. */
const SUPPOSED_GRANT: Facts = { values: { live: true, permitsAction: true } };
/** The smallest amount: the control opens the form in which the real one is typed. */
const SUPPOSED_AMOUNT_CENTS = 1;

/** The input of a preview, with what the act itself will bring. Never used for a decision. */
export function supposeInput(input: DecisionInput): DecisionInput {
  return {
    ...input,
    resource: input.resource.id === '*' ? wholeOf(input) : input.resource,
    request: { amountCents: SUPPOSED_AMOUNT_CENTS, ...input.request },
  };
}

/** The facts of a preview: the console obtains a grant by itself when the rest permits. */
export function supposeFacts(
  input: DecisionInput,
  known: ReadonlyMap<string, Facts>,
): ReadonlyMap<string, Facts> {
  return input.grantId ? known : new Map([...known, ['grant', SUPPOSED_GRANT]]);
}

/** `*` of whatever the action's own route acts on. */
function wholeOf({ action, resource }: DecisionInput): DecisionInput['resource'] {
  const route = routes.find((one) => one.action === action && one.resource);
  return { type: route?.resource?.type ?? resource.type, id: '*' };
}

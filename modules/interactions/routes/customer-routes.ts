import {
  createCallCode as createCallCodeRoute,
  declineProof as declineRoute,
  handle,
  proofAssertion,
  proofOptions as proofOptionsRoute,
  readCustomerSelf as readSelfRoute,
  readProofContext as readContextRoute,
  type MountedRoute,
} from '@proofline/protocol';
import { answerProof } from '../commands/answer-proof.ts';
import { createCallCode } from '../commands/create-call-code.ts';
import { declineProof } from '../commands/decline-proof.ts';
import { proofOptions } from '../commands/proof-options.ts';
import { readCustomerSelf } from '../commands/read-customer-self.ts';
import { readProofContext } from '../commands/read-proof-context.ts';
import type { Context } from '../context.ts';

/** The routes of the customer's page that concern calls and proofs. */
export function customerRoutes(context: Context): MountedRoute[] {
  return [
    handle(readSelfRoute, ({ caller }) => readCustomerSelf(context, caller.customerId)),
    handle(createCallCodeRoute, ({ caller }) => createCallCode(context, caller.customerId)),
    handle(readContextRoute, ({ params }) => readProofContext(context, params.proofRequestId)),
    handle(proofOptionsRoute, ({ params, body }) =>
      proofOptions(context, { ...params, matchingNumber: body.matchingNumber }),
    ),
    handle(proofAssertion, async ({ params, body }) => {
      await answerProof(context, { ...params, answer: body });
      return undefined;
    }),
    handle(declineRoute, async ({ params, body }) => {
      await declineProof(context, { ...params, because: body.because });
      return undefined;
    }),
  ];
}

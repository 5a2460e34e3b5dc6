import {
  createCallCode as createCallCodeRoute,
  declineOwnRequest,
  declineProof as declineRoute,
  handle,
  LINK_SECRET_HEADER,
  ownRequestAssertion,
  ownRequestOptions,
  proofAssertion,
  proofOptions as proofOptionsRoute,
  readCustomerSelf as readSelfRoute,
  readOwnRequest,
  readProofContext as readContextRoute,
  type CustomerCaller,
  type HttpExchange,
  type MountedRoute,
} from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import { answerProof } from '../commands/answer-proof.ts';
import { createCallCode } from '../commands/create-call-code.ts';
import { declineProof } from '../commands/decline-proof.ts';
import { proofOptions } from '../commands/proof-options.ts';
import { readCustomerSelf } from '../commands/read-customer-self.ts';
import { readProofContext } from '../commands/read-proof-context.ts';
import type { Approach } from '../commands/refuse-answer.ts';
import type { Context } from '../context.ts';

interface Asked {
  readonly proofRequestId: Id<'prq'>;
}

/** Somebody who came by a message: the secret of its link is all that they have. */
function byLink(params: Asked, http: HttpExchange): Approach {
  return { ...params, key: { linkSecret: http.header(LINK_SECRET_HEADER) } };
}

/** A customer on the company's own page. */
function bySession(params: Asked, { customerId }: CustomerCaller): Approach {
  return { ...params, key: { customerId } };
}

/** The routes of the customer's page that concern calls and proofs. */
export function customerRoutes(context: Context): MountedRoute[] {
  return [
    handle(readSelfRoute, ({ caller }) => readCustomerSelf(context, caller.customerId)),
    handle(createCallCodeRoute, ({ caller }) => createCallCode(context, caller.customerId)),
    ...linkRoutes(context),
    ...sessionRoutes(context),
  ];
}

function linkRoutes(context: Context): MountedRoute[] {
  return [
    handle(readContextRoute, ({ params, http }) => readProofContext(context, byLink(params, http))),
    handle(proofOptionsRoute, ({ params, http, body: { matchingNumber } }) =>
      proofOptions(context, { ...byLink(params, http), matchingNumber }),
    ),
    handle(proofAssertion, async ({ params, http, body }) => {
      await answerProof(context, { ...byLink(params, http), answer: body });
      return undefined;
    }),
    handle(declineRoute, async ({ params, http, body: { because } }) => {
      await declineProof(context, { ...byLink(params, http), because });
      return undefined;
    }),
  ];
}

function sessionRoutes(context: Context): MountedRoute[] {
  return [
    handle(readOwnRequest, ({ params, caller }) =>
      readProofContext(context, bySession(params, caller)),
    ),
    handle(ownRequestOptions, ({ params, caller, body: { matchingNumber } }) =>
      proofOptions(context, { ...bySession(params, caller), matchingNumber }),
    ),
    handle(ownRequestAssertion, async ({ params, caller, body }) => {
      await answerProof(context, { ...bySession(params, caller), answer: body });
      return undefined;
    }),
    handle(declineOwnRequest, async ({ params, caller, body: { because } }) => {
      await declineProof(context, { ...bySession(params, caller), because });
      return undefined;
    }),
  ];
}

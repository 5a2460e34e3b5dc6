import type { LINK_SECRET_HEADER, ProofContext } from '@proofline/protocol';

type RequestId = ProofContext['proofRequestId'];

/** Where the routes of a request are, and what opens them. */
export interface RequestDoor {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

// Only its type is taken from the contract, which would bring its schemas along.
const HEADER: typeof LINK_SECRET_HEADER = 'proofline-link-secret';

/** By the link of a message: the id stands in its path, the secret behind its `#`. */
export function doorOfLink(proofRequestId: string, secret: string): RequestDoor {
  return {
    path: `/api/customer/proof-requests/${proofRequestId}`,
    headers: { [HEADER]: secret },
  };
}

/** By the session of the signed-in customer, whose cookie goes along by itself. */
export function doorOfSession(proofRequestId: RequestId): RequestDoor {
  return { path: `/api/customer/self/proof-requests/${proofRequestId}`, headers: {} };
}

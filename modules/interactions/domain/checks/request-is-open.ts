import type { Check } from '../check.ts';
import type { RequestFacts } from '../proof-facts.ts';

/** One answer per request. An answer after the answer is called what it is: a replay. */
export const requestIsOpen: Check<RequestFacts> = {
  problem: 'proof.closed',
  refusal: ({ request }) => {
    if (request.state === 'open') return undefined;
    return request.state === 'bound' ? 'replayed' : `answered-after-${request.state}`;
  },
};

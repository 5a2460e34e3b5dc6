import type { Row } from './check.ts';
import { agentAskedSparingly } from './checks/agent-asked-sparingly.ts';
import { assertionIsOverContext } from './checks/assertion-is-over-context.ts';
import { callAskedSparingly } from './checks/call-asked-sparingly.ts';
import { callExistsForAgent } from './checks/call-exists-for-agent.ts';
import { callHasNoOpenRequest } from './checks/call-has-no-open-request.ts';
import { callIsLive } from './checks/call-is-live.ts';
import { callIsWithThisAccount } from './checks/call-is-with-this-account.ts';
import { callIsWithThisCustomer } from './checks/call-is-with-this-customer.ts';
import { ceremonyIsTheLatest } from './checks/ceremony-is-the-latest.ts';
import { codeIsWaiting } from './checks/code-is-waiting.ts';
import { codesTriedSparingly } from './checks/codes-tried-sparingly.ts';
import { credentialIsTheirs } from './checks/credential-is-theirs.ts';
import { customerAskedSparingly } from './checks/customer-asked-sparingly.ts';
import { customerHasNoOpenRequest } from './checks/customer-has-no-open-request.ts';
import { customerHasPasskey } from './checks/customer-has-passkey.ts';
import { customerIsKnown } from './checks/customer-is-known.ts';
import { customerIsReachable } from './checks/customer-is-reachable.ts';
import { numberMatches } from './checks/number-matches.ts';
import { proofIsByTheCallsCustomer } from './checks/proof-is-by-the-calls-customer.ts';
import { requestIsInTime } from './checks/request-is-in-time.ts';
import { requestIsOpen } from './checks/request-is-open.ts';
import type { AnswerFacts, AskFacts, OpenFacts, RequestFacts } from './proof-facts.ts';

/**
 * A customer's proof, as a table: every rule, in its order, with what a broken one does when the
 * agent started and when the customer did.
 *
 * Where the agent started by an account number, whatever depends on that account is `silence`: the
 * agent gets the same answer, the request goes to nobody, and expires.
 */
// oxfmt-ignore
export const askTable: readonly Row<AskFacts>[] = [
  { check: callExistsForAgent,       agent: 'refuse',  customer: 'refuse' },
  { check: callIsLive,               agent: 'refuse',  customer: 'refuse' },
  { check: callHasNoOpenRequest,     agent: 'refuse',  customer: 'refuse' },
  { check: callAskedSparingly,       agent: 'refuse',  customer: 'refuse' },
  { check: agentAskedSparingly,      agent: 'refuse'                      },
  { check: callIsWithThisAccount,    agent: 'refuse'                      },
  { check: codesTriedSparingly,                        customer: 'refuse' },
  { check: codeIsWaiting,                              customer: 'refuse' },
  { check: callIsWithThisCustomer,                     customer: 'refuse' },
  { check: customerIsKnown,          agent: 'silence', customer: 'refuse' },
  { check: customerIsReachable,      agent: 'silence'                     },
  { check: customerHasPasskey,       agent: 'silence', customer: 'refuse' },
  { check: customerHasNoOpenRequest, agent: 'silence', customer: 'refuse' },
  { check: customerAskedSparingly,   agent: 'silence'                     },
];

/** The customer's page asks for the passkey prompt. */
// oxfmt-ignore
export const openTable: readonly Row<OpenFacts>[] = [
  { check: requestIsOpen,            agent: 'refuse',  customer: 'refuse' },
  { check: requestIsInTime,          agent: 'end',     customer: 'end'    },
  { check: callIsLive,               agent: 'end',     customer: 'end'    },
  { check: numberMatches,            agent: 'end'                         },
];

/** The customer's page sends the assertion. */
// oxfmt-ignore
export const answerTable: readonly Row<AnswerFacts>[] = [
  { check: requestIsOpen,             agent: 'refuse', customer: 'refuse' },
  { check: requestIsInTime,           agent: 'end',    customer: 'end'    },
  { check: callIsLive,                agent: 'end',    customer: 'end'    },
  { check: ceremonyIsTheLatest,       agent: 'refuse', customer: 'refuse' },
  { check: credentialIsTheirs,        agent: 'end',    customer: 'end'    },
  { check: assertionIsOverContext,    agent: 'end',    customer: 'end'    },
  { check: proofIsByTheCallsCustomer, agent: 'end',    customer: 'end'    },
];

/** The customer's page says no. */
// oxfmt-ignore
export const declineTable: readonly Row<RequestFacts>[] = [
  { check: requestIsOpen,             agent: 'refuse', customer: 'refuse' },
  { check: requestIsInTime,           agent: 'end',    customer: 'end'    },
];

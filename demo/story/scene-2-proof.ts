import { ProofRequest } from '@proofline/protocol';
import type { CustomerPhone } from '../actors/customer-phone.ts';
import type { Colleague } from './cast.ts';
import {
  askForProof,
  codeOf,
  expectAnswer,
  indexOf,
  nothing,
  panel,
  ring,
  type Stage,
} from './stage.ts';
import { shorten } from './transcript.ts';

interface Call {
  readonly agent: Colleague;
  readonly auditor: Colleague;
  readonly customer: CustomerPhone;
  readonly accountNumber: string;
}

/** Scenes 2 and 3: a call rings, and the customer proves; the agent starts. Answers the call's id. */
export async function agentStarts(stage: Stage, call: Call): Promise<string> {
  const { transcript } = stage;
  const { agent, auditor, customer, accountNumber } = call;
  transcript.chapter('2. A call rings');
  const interactionId = await ring(stage, agent);
  const before = await panel(agent, interactionId);
  transcript.must(!before.callerProved, 'nobody is proved by ringing');
  transcript.must(
    before.capabilities.every(
      ({ action, allowed }) => !allowed || action === 'account:read-public',
    ),
    'unproved, only public things are open',
  );
  transcript.line({
    who: 'Softphone',
    what: 'announces a call for Nora through the public API',
    came: shorten(before.nextStep, 34),
    evidenceIndex: await indexOf(auditor, interactionId),
  });

  transcript.chapter('3. The customer proves');
  const { request, link } = await askForProof(stage, agent, { interactionId, accountNumber });
  transcript.line({
    who: 'Nora',
    what: 'sends a request to the contact on file',
    came: `matching number ${request.matchingNumber}`,
    evidenceIndex: await indexOf(auditor, interactionId),
  });
  const page = await customer.look(link);
  transcript.must(
    page.agentName === 'Nora Vance' && page.needsNumber,
    'the page names the agent and asks for the number',
  );
  const confirmed = await customer.confirm(link, request.matchingNumber);
  transcript.must(
    confirmed.status === 204,
    `the customer’s passkey is accepted (${codeOf(confirmed)})`,
  );
  const after = await panel(agent, interactionId);
  transcript.must(after.callerProved, 'the panel shows the proof');
  transcript.line({
    who: 'Customer',
    what: 'reads who asks and why, types the number, uses the passkey',
    came: 'proved',
    evidenceIndex: await indexOf(auditor, after.proof?.proofId ?? ''),
  });
  return interactionId;
}

/** Scene 3, the failures: each ends in a refusal and an entry. */
export async function proofRefused(stage: Stage, call: Call): Promise<void> {
  const { transcript } = stage;
  const { agent, auditor, customer, accountNumber } = call;
  const interactionId = await ring(stage, agent);
  const { request, link } = await askForProof(stage, agent, { interactionId, accountNumber });
  const second = await agent.console.api(
    'POST',
    `/api/interactions/${interactionId}/proof-requests`,
    { accountNumber, purpose: 'billing' },
  );
  transcript.must(codeOf(second) === 'proof.pending', 'one open request at a time');
  transcript.line({
    who: 'Nora',
    what: 'asks a second time while a request is open',
    came: `refused: ${codeOf(second)}`,
  });
  await agentTriesThePage(stage, agent, request.proofRequestId);
  const other = request.matchingNumber === '11' ? '12' : '11';
  const wrong = await customer.confirm(link, other);
  transcript.must(codeOf(wrong) === 'proof.number-wrong', 'a wrong number ends the request');
  transcript.line({
    who: 'Customer',
    what: 'types another number than the agent read out',
    came: `refused: ${codeOf(wrong)}`,
    evidenceIndex: await indexOf(auditor, request.proofRequestId),
  });
  const late = await customer.confirm(link, request.matchingNumber);
  transcript.must(codeOf(late) === 'proof.closed', 'a refused request stays closed');
  await hangUp(agent, interactionId);
}

/** The agent knows the request's id, and opens nothing with it: the secret is in the message only. */
async function agentTriesThePage(stage: Stage, agent: Colleague, requestId: string): Promise<void> {
  const origin = stage.company.origins.customers;
  const url = `${origin}/api/customer/proof-requests/${requestId}/decline`;
  const said = await agent.device.ask(url, { origin, json: { because: 'not-me' } });
  stage.transcript.must(codeOf(said) === 'proof.closed', 'an id opens no customer’s page');
  stage.transcript.line({
    who: 'Nora',
    what: 'says no in the customer’s name, with the id that she knows',
    came: `refused: ${codeOf(said)}`,
  });
}

/** Scene 3, the other way: the customer starts, on the company's own page. */
export async function customerStarts(
  stage: Stage,
  call: Omit<Call, 'accountNumber'>,
): Promise<void> {
  const { transcript } = stage;
  const { agent, auditor, customer } = call;
  const interactionId = await ring(stage, agent);
  await customer.signIn();
  const code = await customer.callCode();
  const guess = await agent.console.api('POST', `/api/interactions/${interactionId}/call-codes`, {
    code: 'ZZZZ99',
    purpose: 'billing',
  });
  transcript.must(codeOf(guess) === 'proof.code-wrong', 'a guessed call code leads nowhere');
  const claimed = await agent.console.api('POST', `/api/interactions/${interactionId}/call-codes`, {
    code,
    purpose: 'billing',
  });
  expectAnswer(claimed, { status: 202, step: 'claim the call code', form: ProofRequest });
  const { openRequest } = await customer.self();
  transcript.must(
    openRequest !== undefined && !openRequest.needsNumber,
    'the request appears on the page that the customer has open',
  );
  const confirmed = await customer.confirm(openRequest?.proofRequestId ?? '');
  transcript.must(confirmed.status === 204, `the customer confirms (${codeOf(confirmed)})`);
  const proved = await panel(agent, interactionId);
  transcript.must(proved.callerProved, 'the panel shows the proof');
  transcript.line({
    who: 'Customer',
    what: 'signed in on the company’s page, reads out a call code',
    came: 'proved',
    evidenceIndex: await indexOf(auditor, proved.proof?.proofId ?? ''),
  });
  await hangUp(agent, interactionId);
}

async function hangUp(agent: Colleague, interactionId: string): Promise<void> {
  const ended = await agent.console.api('POST', `/api/interactions/${interactionId}/end`);
  expectAnswer(ended, { status: 204, step: 'end the call', form: nothing });
}

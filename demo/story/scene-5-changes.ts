import { Approval, type Problem } from '@proofline/protocol';
import { z } from 'zod';
import type { GatewayRequest } from '../actors/console-session.ts';
import type { Answer } from '../actors/device.ts';
import { evidenceOf, type OpenCase } from './scene-4-gateway.ts';
import { codeOf, expectAnswer, indexOf, type Stage } from './stage.ts';

/** A change that is being made: whose call it is, and how to send to the CRM through the gateway. */
interface Change extends OpenCase {
  readonly stage: Stage;
  readonly send: (request: Omit<GatewayRequest, 'headers'>) => Promise<Answer>;
  readonly path: string;
}

const Invoices = z.array(z.object({ invoiceId: z.string(), amountCents: z.number() }));

/** Scene 5: a low, a medium and a high tier; each asks for exactly as much proof as it needs. */
export async function changeThings(stage: Stage, open: OpenCase): Promise<void> {
  stage.transcript.chapter('5. Changes: low, medium and high tier');
  const change: Change = {
    ...open,
    stage,
    path: `/customers/${open.accountNumber}`,
    send: (request) =>
      open.agent.console.gateway(open.grant, {
        ...request,
        headers: { 'idempotency-key': crypto.randomUUID() },
      }),
  };
  await lowAndMedium(change);
  const invoiceId = await largestInvoice(change);
  await smallRefund(change, invoiceId);
  await largeRefund(change, { invoiceId, amountCents: 24_000, reason: 'service-outage' });
}

async function lowAndMedium(change: Change): Promise<void> {
  const { transcript } = change.stage;
  const preference = await change.send({
    method: 'PATCH',
    path: `${change.path}/delivery-preference`,
    json: { deliveryPreference: 'portal' },
  });
  transcript.must(preference.status < 300, `low tier: at once (${codeOf(preference)})`);
  await permitted(change, 'changes the delivery preference (low tier)', preference);
  const moved = await change.send({
    method: 'PUT',
    path: `${change.path}/billing-address`,
    json: { street: 'Lindenweg 7', postalCode: '20095', city: 'Hamburg', country: 'DE' },
  });
  transcript.must(moved.status < 300, `medium tier: while the proof is fresh (${codeOf(moved)})`);
  await permitted(change, 'changes the billing address (medium: fresh customer proof)', moved);
}

async function permitted(change: Change, what: string, answer: Answer): Promise<void> {
  const evidenceIndex = await evidenceOf(change, answer);
  change.stage.transcript.line({ who: 'Nora', what, came: 'permitted', evidenceIndex });
}

async function largestInvoice({ send, path }: Change): Promise<string> {
  const answer = await send({ method: 'GET', path: `${path}/invoices` });
  const invoices = expectAnswer(answer, { status: 200, step: 'invoices', form: Invoices });
  return invoices.toSorted((a, b) => b.amountCents - a.amountCents)[0]?.invoiceId ?? '';
}

interface Refund {
  readonly invoiceId: string;
  readonly amountCents: number;
  readonly reason: string;
}

const sendRefund = ({ send, path }: Change, json: Refund) =>
  send({ method: 'POST', path: `${path}/refunds`, json });

async function smallRefund(change: Change, invoiceId: string): Promise<void> {
  const { transcript } = change.stage;
  await change.stage.company.letProofsAge(61);
  const refund = { invoiceId, amountCents: 2500, reason: 'billing-error' };
  const challenged = await sendRefund(change, refund);
  const asked = codeOf(challenged) === 'access.step-up';
  transcript.must(asked, `a refund asks for the agent’s own fresh proof (${codeOf(challenged)})`);
  const challenge = challenged.headers.get('www-authenticate') ?? '';
  const isStandard = /insufficient_user_authentication.*max_age=/.test(challenge);
  transcript.must(isStandard, 'the challenge is RFC 9470’s');
  const what = 'starts a refund of 25.00 (high: own fresh passkey)';
  transcript.line({ who: 'Nora', what, came: 'step-up asked for' });
  await change.agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  const sent = await sendRefund(change, refund);
  transcript.must(sent.status < 300, `then the same refund goes through (${codeOf(sent)})`);
  await permitted(change, 'touches the passkey; the same request is sent again', sent);
}

async function largeRefund(change: Change, refund: Refund): Promise<void> {
  const { transcript } = change.stage;
  const denied = await sendRefund(change, refund);
  const body = denied.body as Problem; // the contract's form
  const remedies = body.remedies?.map(({ kind }) => kind).join() ?? '';
  const offered = codeOf(denied) === 'access.denied' && remedies.includes('approval');
  transcript.must(offered, `above the threshold the remedy is an approval (${remedies})`);
  const what = 'starts a refund of 240.00 (above the threshold)';
  transcript.line({ who: 'Nora', what, came: `remedy: ${remedies}` });
  await approve(change, refund);
  const changed = await sendRefund(change, { ...refund, amountCents: refund.amountCents + 1 });
  transcript.must(changed.status >= 400, 'the approval is worth nothing for another amount');
  const more = 'sends one cent more than was approved';
  transcript.line({ who: 'Nora', what: more, came: `refused: ${codeOf(changed)}` });
  await change.agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  const sent = await sendRefund(change, refund);
  transcript.must(sent.status < 300, `the approved refund goes through (${codeOf(sent)})`);
  await permitted(change, 'sends exactly what was approved', sent);
  const twice = await sendRefund(change, refund);
  transcript.must(twice.status >= 400, 'an approval is used once');
  const again = 'sends it a second time';
  transcript.line({ who: 'Nora', what: again, came: `refused: ${codeOf(twice)}` });
}

async function approve(change: Change, body: Refund): Promise<void> {
  const { agent, auditor, supervisor, interactionId, accountNumber } = change;
  const { transcript } = change.stage;
  const resource = { type: 'Account', id: accountNumber };
  const content = { interactionId, action: 'refund:initiate', resource, body };
  const requested = await agent.console.api('POST', '/api/approvals', content);
  const asked = expectAnswer(requested, { status: 201, step: 'ask for approval', form: Approval });
  const line = {
    who: 'Nora',
    what: 'asks for approval of this exact content',
    came: `digest ${asked.contentDigest.slice(0, 8)}…`,
  };
  transcript.line({ ...line, evidenceIndex: await indexOf(auditor, asked.approvalId) });
  const path = `/api/approvals/${asked.approvalId}/decision`;
  const verdict = { verdict: 'approve', reasonCode: 'service-outage' };
  const own = await agent.console.api('POST', path, verdict);
  transcript.must(own.status === 403, 'nobody approves their own request');
  const tried = 'tries to approve it herself';
  transcript.line({ who: 'Nora', what: tried, came: `refused: ${codeOf(own)}` });
  await supervisor.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  const decided = await supervisor.console.api('POST', path, verdict);
  expectAnswer(decided, { status: 200, step: 'approve', form: Approval });
  const evidenceIndex = await indexOf(auditor, asked.approvalId);
  const what = 'approves, with reason code service-outage';
  transcript.line({ who: 'Supervisor', what, came: 'approved', evidenceIndex });
}

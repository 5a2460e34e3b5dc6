import type { Approval, Problem } from '@proofline/protocol';
import type { Answer } from '../actors/device.ts';
import type { GatewayRequest } from '../actors/console-session.ts';
import { evidenceOf, type OpenCase } from './scene-4-gateway.ts';
import { codeOf, expectAnswer, indexOf, type Stage } from './stage.ts';

/** Scene 5: a low, a medium and a high tier; each asks for exactly as much proof as it needs. */
export async function changeThings(stage: Stage, open: OpenCase): Promise<void> {
  const { transcript } = stage;
  const { agent, accountNumber } = open;
  transcript.chapter('5. Changes: low, medium and high tier');
  const path = `/customers/${accountNumber}`;
  const send = (request: Omit<GatewayRequest, 'headers'>) =>
    agent.console.gateway(open.grant, {
      ...request,
      headers: { 'idempotency-key': crypto.randomUUID() },
    });

  const preference = await send({
    method: 'PATCH',
    path: `${path}/delivery-preference`,
    json: { deliveryPreference: 'portal' },
  });
  transcript.must(
    preference.status < 300,
    `the delivery preference changes at once (${codeOf(preference)})`,
  );
  transcript.line({
    who: 'Nora',
    what: 'changes the delivery preference (low tier)',
    came: 'permitted',
    evidenceIndex: await evidenceOf(open, preference),
  });
  const address = { street: 'Lindenweg 7', postalCode: '20095', city: 'Hamburg', country: 'DE' };
  const moved = await send({ method: 'PUT', path: `${path}/billing-address`, json: address });
  transcript.must(
    moved.status < 300,
    `the billing address changes while the proof is fresh (${codeOf(moved)})`,
  );
  transcript.line({
    who: 'Nora',
    what: 'changes the billing address (medium: fresh customer proof)',
    came: 'permitted',
    evidenceIndex: await evidenceOf(open, moved),
  });

  const invoices = expectAnswer<{ invoiceId: string; amountCents: number }[]>(
    await send({ method: 'GET', path: `${path}/invoices` }),
    200,
    'invoices',
  );
  const [largest] = invoices.toSorted((a, b) => b.amountCents - a.amountCents);
  const invoiceId = largest?.invoiceId ?? '';
  await smallRefund(
    stage,
    open,
    (json) => send({ method: 'POST', path: `${path}/refunds`, json }),
    invoiceId,
  );
  await largeRefund(
    stage,
    open,
    (json) => send({ method: 'POST', path: `${path}/refunds`, json }),
    invoiceId,
  );
}

type SendRefund = (json: Record<string, string | number>) => Promise<Answer>;

async function smallRefund(
  stage: Stage,
  open: OpenCase,
  send: SendRefund,
  invoiceId: string,
): Promise<void> {
  const { transcript } = stage;
  const { agent } = open;
  await stage.company.letProofsAge(61);
  const refund = { invoiceId, amountCents: 2500, reason: 'billing-error' };
  const challenged = await send(refund);
  transcript.must(
    codeOf(challenged) === 'access.step-up',
    `a refund asks for the agent’s own fresh proof (${codeOf(challenged)})`,
  );
  const challenge = challenged.headers.get('www-authenticate') ?? '';
  transcript.must(
    challenge.includes('insufficient_user_authentication') && challenge.includes('max_age='),
    'the challenge is RFC 9470’s',
  );
  transcript.line({
    who: 'Nora',
    what: 'starts a refund of 25.00 (high: own fresh passkey)',
    came: 'step-up asked for',
  });
  await agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  const sent = await send(refund);
  transcript.must(
    sent.status < 300,
    `after the passkey the same refund goes through (${codeOf(sent)})`,
  );
  transcript.line({
    who: 'Nora',
    what: 'touches the passkey; the same request is sent again',
    came: 'permitted',
    evidenceIndex: await evidenceOf(open, sent),
  });
}

async function largeRefund(
  stage: Stage,
  open: OpenCase,
  send: SendRefund,
  invoiceId: string,
): Promise<void> {
  const { transcript } = stage;
  const { agent, auditor, supervisor, interactionId, accountNumber } = open;
  const refund = { invoiceId, amountCents: 24_000, reason: 'service-outage' };
  const denied = await send(refund);
  const remedies = (denied.body as Problem).remedies?.map(({ kind }) => kind) ?? []; // the contract's form
  transcript.must(
    codeOf(denied) === 'access.denied' && remedies.includes('approval'),
    `above the threshold the remedy is an approval (${codeOf(denied)}: ${remedies.join()})`,
  );
  transcript.line({
    who: 'Nora',
    what: 'starts a refund of 240.00 (above the threshold)',
    came: `remedy: ${remedies.join(', ')}`,
  });
  const content = {
    interactionId,
    action: 'refund:initiate',
    resource: { type: 'Account', id: accountNumber },
    body: refund,
  };
  const asked = expectAnswer<Approval>(
    await agent.console.api('POST', '/api/approvals', content),
    201,
    'ask for approval',
  );
  transcript.line({
    who: 'Nora',
    what: 'asks for approval of this exact content',
    came: `digest ${asked.contentDigest.slice(0, 8)}…`,
    evidenceIndex: await indexOf(auditor, asked.approvalId),
  });
  const verdict = { verdict: 'approve', reasonCode: 'service-outage' };
  const decide = `/api/approvals/${asked.approvalId}/decision`;
  const own = await agent.console.api('POST', decide, verdict);
  transcript.must(own.status === 403, 'nobody approves their own request');
  transcript.line({
    who: 'Nora',
    what: 'tries to approve it herself',
    came: `refused: ${codeOf(own)}`,
  });
  await supervisor.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  expectAnswer(await supervisor.console.api('POST', decide, verdict), 200, 'approve');
  transcript.line({
    who: 'Supervisor',
    what: 'approves, with reason code service-outage',
    came: 'approved',
    evidenceIndex: await indexOf(auditor, asked.approvalId),
  });
  const changed = await send({ ...refund, amountCents: 24_001 });
  transcript.must(changed.status >= 400, 'the approval is worth nothing for another amount');
  transcript.line({
    who: 'Nora',
    what: 'sends one cent more than was approved',
    came: `refused: ${codeOf(changed)}`,
  });
  await agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  const sent = await send(refund);
  transcript.must(sent.status < 300, `the approved refund goes through (${codeOf(sent)})`);
  transcript.line({
    who: 'Nora',
    what: 'sends exactly what was approved',
    came: 'permitted',
    evidenceIndex: await evidenceOf(open, sent),
  });
  const twice = await send(refund);
  transcript.must(twice.status >= 400, 'an approval is used once');
  transcript.line({
    who: 'Nora',
    what: 'sends it a second time',
    came: `refused: ${codeOf(twice)}`,
  });
}

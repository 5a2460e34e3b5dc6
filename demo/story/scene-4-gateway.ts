import { FieldPlan } from '@proofline/protocol';
import { z } from 'zod';
import type { Answer } from '../actors/device.ts';
import type { Colleague } from './cast.ts';
import { codeOf, expectAnswer, indexOf, panel, type Stage } from './stage.ts';

/** A grant on the case of a call, and how to use it. */
export interface OpenCase {
  readonly agent: Colleague;
  readonly auditor: Colleague;
  readonly supervisor: Colleague;
  readonly interactionId: string;
  readonly accountNumber: string;
  readonly grant: string;
}

/** RFC 8693 §2.2.1. */
const TokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const CustomerRecord = z.record(z.string(), z.unknown());
const ACTIONS = [
  'account:read',
  'invoice:read',
  'delivery-preference:update',
  'billing-address:update',
  'refund:initiate',
];

/** Exchanges session and proof for a grant on the call's case. */
export async function openCase(stage: Stage, call: Omit<OpenCase, 'grant'>): Promise<OpenCase> {
  const { caseId } = await panel(call.agent, call.interactionId);
  const exchanged = await call.agent.console.exchange(caseId ?? '', ACTIONS);
  const { access_token: grant, expires_in: ttlSeconds } = expectAnswer(exchanged, {
    status: 200,
    step: 'token exchange',
    form: TokenAnswer,
  });
  stage.transcript.must(ttlSeconds <= 300, 'a grant lives at most 300 s');
  return { ...call, grant };
}

/** Scene 4: what a billing case needs, and nothing else, through the gateway. */
export async function readThroughGateway(
  stage: Stage,
  open: OpenCase,
  foreignAccount: string,
): Promise<void> {
  const { transcript } = stage;
  const { agent, grant, accountNumber } = open;
  transcript.chapter('4. What the proof opens, through the gateway');
  const path = `/customers/${accountNumber}`;
  const answer = await agent.console.gateway(grant, { method: 'GET', path });
  const record = expectAnswer(answer, {
    status: 200,
    step: 'read the account',
    form: CustomerRecord,
  });
  for (const shown of ['plan', 'name', 'cardLast4'])
    transcript.must(shown in record, `a billing case shows ${shown}`);
  for (const hidden of ['cardToken', 'identityDocument', 'healthNotes'])
    transcript.must(!(hidden in record), `${hidden} never leaves the gateway`);
  const plan = fieldPlanOf(answer);
  transcript.must(
    plan?.hidden.includes('payment-token') === true,
    'the answer names what is hidden',
  );
  transcript.line({
    who: 'Nora',
    what: 'reads the customer’s account',
    came: `hidden: ${plan?.hidden.slice(0, 2).join(', ')}…`,
    evidenceIndex: await evidenceOf(open, answer),
  });
  const invoices = await agent.console.gateway(grant, { method: 'GET', path: `${path}/invoices` });
  transcript.must(invoices.status === 200, 'a billing case shows the invoices');
  transcript.line({
    who: 'Nora',
    what: 'reads the invoices',
    came: 'permitted',
    evidenceIndex: await evidenceOf(open, invoices),
  });
  await refusals(stage, open, foreignAccount);
}

async function refusals(stage: Stage, open: OpenCase, foreignAccount: string): Promise<void> {
  const { transcript } = stage;
  const { agent, grant, accountNumber } = open;
  const refused = async (what: string, asked: Promise<Answer>, codes: readonly string[]) => {
    const answer = await asked;
    transcript.must(codes.includes(codeOf(answer)), `${what}: ${codeOf(answer)}`);
    transcript.line({ who: 'Nora', what, came: `refused: ${codeOf(answer)}` });
    return answer;
  };
  const read = (path: string) => agent.console.gateway(grant, { method: 'GET', path });
  const foreign = await refused('asks for another customer', read(`/customers/${foreignAccount}`), [
    'access.denied',
  ]);
  const absent = await refused(
    'asks for a customer who does not exist',
    read('/customers/MH-99999'),
    ['access.denied'],
  );
  transcript.must(
    sameButIds(foreign) === sameButIds(absent),
    'foreign and non-existent look the same',
  );
  await refused('asks for a route that no action is mapped to', read('/customers?query=a'), [
    'access.denied',
    'route.unknown',
  ]);
  const bare = agent.device.ask(`${stage.company.origins.gateway}/customers/${accountNumber}`, {
    origin: stage.company.origins.staff,
    headers: { authorization: `DPoP ${grant}` },
  });
  await refused('uses the grant without proof of possession', bare, ['token.proof-missing']);
  const url = `${stage.company.origins.gateway}/customers/${accountNumber}`;
  const proof = await agent.console.key.prove({ method: 'GET', url, accessToken: grant });
  const replay = () =>
    agent.device.ask(url, {
      origin: stage.company.origins.staff,
      headers: { authorization: `DPoP ${grant}`, dpop: proof },
    });
  const first = await replay();
  transcript.must(first.status === 200, 'the first use of a proof of possession is accepted');
  await refused('replays the same request', replay(), ['token.proof-replayed']);
  const otherCase = agent.console.exchange('cse_00000000000000000000000000', ['account:read']);
  await refused('asks for a grant on another case', asProblem(otherCase), [
    'invalid_request',
    'invalid_target',
    'access_denied',
    'invalid_grant',
    'invalid_authorization_details',
  ]);
}

/** The token endpoint refuses in OAuth's own form (RFC 6749 §5.2). */
async function asProblem(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  return { ...answer, body: { code: (answer.body as { error?: string }).error ?? 'permitted' } }; // RFC 6749 §5.2
}

function sameButIds(answer: Answer): string {
  const body = JSON.stringify(answer.body).replaceAll(/(req|dec)_[0-9a-z]{26}/g, '$1');
  return `${answer.status} ${body}`;
}

function fieldPlanOf(answer: Answer): FieldPlan | undefined {
  const header = answer.headers.get('proofline-fields');
  if (header === null) return undefined;
  return FieldPlan.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')));
}

/** Where the decision behind a gateway answer stands in the log. */
export async function evidenceOf(open: OpenCase, answer: Answer): Promise<number | undefined> {
  const decisionId = answer.headers.get('proofline-decision');
  return decisionId === null ? undefined : indexOf(open.auditor, decisionId);
}

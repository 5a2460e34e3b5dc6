import type { Answer } from '../../demo/actors/device.ts';
import type { CustomerPhone } from '../../demo/actors/customer-phone.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import {
  askForProof,
  expectAnswer,
  nothing,
  panel,
  ring,
  type Stage,
} from '../../demo/story/stage.ts';
import { z } from 'zod';

/** What a billing case's grant may name. */
export const allActions = [
  'account:read',
  'invoice:read',
  'delivery-preference:update',
  'billing-address:update',
  'refund:initiate',
] as const;

export interface ProvedCall {
  readonly interactionId: string;
  readonly caseId: string;
}

/** A call whose customer has proved who they are: the agent asked, the customer confirmed. */
export async function proveCall(
  stage: Stage,
  who: {
    readonly agent: Colleague;
    readonly customer: CustomerPhone;
    readonly accountNumber: string;
  },
): Promise<ProvedCall> {
  const { agent, customer, accountNumber } = who;
  const interactionId = await ring(stage, agent);
  const { request, link } = await askForProof(stage, agent, { interactionId, accountNumber });
  const confirmed = await customer.confirm(link, request.matchingNumber);
  expectAnswer(confirmed, { status: 204, step: 'confirm', form: nothing });
  const { caseId = '' } = await panel(agent, interactionId);
  return { interactionId, caseId };
}

/** A grant on the case, for the given actions. */
export async function grantOn(
  agent: Colleague,
  caseId: string,
  actions: readonly string[] = allActions,
): Promise<string> {
  const exchanged = await agent.console.exchange(caseId, actions);
  const form = z.looseObject({ access_token: z.string() });
  return expectAnswer(exchanged, { status: 200, step: 'token exchange', form }).access_token;
}

/** What the token endpoint refused with (RFC 6749 §5.2), or `granted`. */
export function grantError(answer: Answer): string {
  return (answer.body as { error?: string }).error ?? 'granted'; // RFC 6749 §5.2
}

/** A refund at the gateway. */
export function refund(
  agent: Colleague,
  grant: string,
  { accountNumber, ...json }: { accountNumber: string } & Record<string, unknown>,
): Promise<Answer> {
  return agent.console.gateway(grant, {
    method: 'POST',
    path: `/customers/${accountNumber}/refunds`,
    json,
    headers: { 'idempotency-key': crypto.randomUUID() },
  });
}

/** An invoice of the account with at least this much on it. */
export async function invoiceOf(
  agent: Colleague,
  grant: string,
  accountNumber: string,
): Promise<string> {
  const answer = await agent.console.gateway(grant, {
    method: 'GET',
    path: `/customers/${accountNumber}/invoices`,
  });
  const form = z.array(z.looseObject({ invoiceId: z.string(), amountCents: z.number() }));
  const invoices = expectAnswer(answer, { status: 200, step: 'invoices', form });
  return invoices.toSorted((a, b) => b.amountCents - a.amountCents)[0]?.invoiceId ?? '';
}
